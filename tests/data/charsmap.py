"""A precompiled charsmap, as SentencePiece writes into its models: a double array after Darts, then the replacements."""
import base64
import struct


def charsmap(rules):
    """Of {text: replacement}, in base64."""
    root, texts = {}, b""
    for key, value in sorted(rules.items()):
        node = root
        for byte in key.encode():
            node = node.setdefault(byte, {})
        node[0] = len(texts)  # a key's end holds where its replacement begins
        texts += value.encode() + b"\0"
    units, taken = {0: 0}, {0}

    def place(node, at, label):
        base = 1
        while any(base ^ byte in taken for byte in node):
            base += 1
        taken.update(base ^ byte for byte in node)
        assert at ^ base < 1 << 21
        units[at] = (at ^ base) << 10 | (0 in node) << 8 | label
        for byte, child in node.items():
            if byte == 0:
                units[base] = child | 1 << 31
            else:
                place(child, base ^ byte, byte)

    place(root, 0, 0)
    size = (max(units) | 0xFF) + 1
    array = struct.pack(f"<{size}I", *(units.get(i, 0) for i in range(size)))
    return base64.b64encode(struct.pack("<I", len(array)) + array + texts).decode()
