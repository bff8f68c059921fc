# The seminar's MLP GAN as it is meant: its slides' lines, every erratum corrected.
# The slides' lines stand between the comments "slide" and "supplied"; the rest is printed nowhere.

# supplied
import torch
import torch.nn as nn
import torchvision
from torchvision import transforms

device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')

# slide
Z_DIM = 100
HIDDEN_DIM = 256
IMG_SIZE = 28
IMG_CH = 1
IMG_DIM = IMG_SIZE * IMG_SIZE * IMG_CH
LR = 2e-4

BATCH_SIZE = 512
EPOCHS = 100

class MLPGenerator(nn.Module):
    def __init__(self, z_dim=Z_DIM, out_dim=IMG_DIM, hidden_dim=HIDDEN_DIM):
        super().__init__()
        self.model = nn.Sequential(
            nn.Linear(z_dim, hidden_dim), nn.ReLU(inplace=True),
            nn.Linear(hidden_dim, hidden_dim), nn.ReLU(inplace=True),
            nn.Linear(hidden_dim, out_dim), nn.Tanh()
        )
    def forward(self, z):
        return self.model(z)

class MLPDiscriminator(nn.Module):
    def __init__(self, in_dim=IMG_DIM, hidden_dim=HIDDEN_DIM):
        super().__init__()
        self.model = nn.Sequential(
            nn.Linear(in_dim, hidden_dim), nn.LeakyReLU(0.2, inplace=True),
            nn.Linear(hidden_dim, hidden_dim), nn.LeakyReLU(0.2, inplace=True),
            nn.Linear(hidden_dim, 1)
        )
    def forward(self, x):
        return self.model(x)

# supplied
transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize([0.5], [0.5])])
mnist = torchvision.datasets.MNIST(root='data', train=True, transform=transform, download=True)
data_loader = torch.utils.data.DataLoader(dataset=mnist, batch_size=BATCH_SIZE, shuffle=True)

generator = MLPGenerator().to(device)
discriminator = MLPDiscriminator().to(device)
opt_G = torch.optim.Adam(generator.parameters(), lr=LR)
opt_D = torch.optim.Adam(discriminator.parameters(), lr=LR)
bce = nn.BCEWithLogitsLoss()

for epoch in range(EPOCHS):
    for real, _ in data_loader:
        b = real.size(0)
        real_flat = real.reshape(b, IMG_DIM).to(device)

        # slide
        real_labels = torch.ones(b, 1, device=device)
        fake_labels = torch.zeros(b, 1, device=device)

        # 1) Discriminator
        opt_D.zero_grad(set_to_none=True)

        d_real_logits = discriminator(real_flat)
        loss_d_real = bce(d_real_logits, real_labels)  # max log(D(x))

        z = torch.randn(b, Z_DIM, device=device)
        fake_flat = generator(z).detach()
        d_fake_logits = discriminator(fake_flat)
        loss_d_fake = bce(d_fake_logits, fake_labels)  # max log(1 - D(G(z)))

        loss_d = loss_d_real + loss_d_fake
        loss_d.backward()
        opt_D.step()

        # 2) Generator (non-saturating: target=real)
        opt_G.zero_grad(set_to_none=True)

        z = torch.randn(b, Z_DIM, device=device)
        fake_flat = generator(z)
        d_fake_logits_g = discriminator(fake_flat)
        loss_g = bce(d_fake_logits_g, real_labels)  # max log(D(G(z)))

        loss_g.backward()
        opt_G.step()
