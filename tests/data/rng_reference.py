"""The first draws of graft::Rng, by a second implementation. Python's integers only; prints what tests/sdk/rng_test.cpp expects."""
MASK = (1 << 64) - 1


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def bits(key, counter):
    return mix((mix((key + 0x9E3779B97F4A7C15 * (counter + 1)) & MASK) + key) & MASK)


def fork(key, number):
    return mix((mix(key ^ 0x6A09E667F3BCC909) + mix((number + 0xBB67AE8584CAA73B) & MASK)) & MASK)


def fork_name(key, name):
    digest = 0xCBF29CE484222325
    for byte in name.encode():
        digest = ((digest ^ byte) * 0x100000001B3) & MASK
    return fork(key, digest ^ ((len(name.encode()) << 56) & MASK))


if __name__ == "__main__":
    print("bits 0    ", f"{bits(7, 0):016x}")
    print("bits 1    ", f"{bits(7, 1):016x}")
    print("fork noise", f"{fork_name(7, 'noise'):016x}")
    print("fork 3    ", f"{fork(7, 3):016x}")
    print("row 5     ", f"{fork(fork_name(7, 'row'), 5):016x}")
