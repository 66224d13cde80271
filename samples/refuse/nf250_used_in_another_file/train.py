from nf250_used_in_another_file import Net

net = Net()
print(net.fc.weight.norm())
