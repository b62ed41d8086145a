"""Writes safetensors_reference.safetensors: every type graft reads, by the reference library.

pip install safetensors==0.7.0 numpy==2.4.6; tolerance: none, the values are small integers.
With a path as argument it checks instead that the reference library reads a file that graft wrote.
"""
import sys

import numpy as np
import safetensors

TYPES = {"Double": "float64", "Float": "float32", "Half": "float16", "Long": "int64", "Int": "int32", "Short": "int16",
         "Char": "int8", "Byte": "uint8"}


def tensors():
    values = np.arange(6)
    made = {name: (kind, [2, 3], values.astype(kind).tobytes()) for name, kind in TYPES.items()}
    made["BFloat16"] = ("bfloat16", [2, 3], (values.astype("float32").view("uint32") >> 16).astype("uint16").tobytes())
    made["Bool"] = ("bool", [2, 3], (values % 2).astype("bool").tobytes())
    made["scalar"] = ("float32", [], np.float32(2.5).tobytes())
    made["empty"] = ("float32", [0, 4], b"")
    return made


if __name__ == "__main__":
    if len(sys.argv) > 1:
        read = dict(safetensors.deserialize(open(sys.argv[1], "rb").read()))
        for name, (_, shape, data) in tensors().items():
            assert read[name]["shape"] == shape and bytes(read[name]["data"]) == data, name
        print("equal:", len(read), "tensors")
    else:
        named = {name: {"dtype": kind, "shape": shape, "data": data} for name, (kind, shape, data) in tensors().items()}
        open("safetensors_reference.safetensors", "wb").write(safetensors.serialize(named, {"format": "pt"}))
