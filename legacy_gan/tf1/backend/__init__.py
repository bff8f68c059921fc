"""What the training engines need of TensorFlow, and no program asks for."""
