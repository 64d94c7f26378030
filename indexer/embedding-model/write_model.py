"""Writes the trained model in the file format of src/model/builtin/README.md.

usage: python3 write_model.py TRAINED.npz OUT.bin
"""
import hashlib
import struct
import sys

import numpy as np

FORMAT_VERSION = 1
WORDS_VERSION = 1


def main():
    trained = np.load(sys.argv[1])
    vectors = trained['vectors'][1:].astype(np.float32)
    entries = [str(entry).encode('utf-8') for entry in trained['entries']]
    largest = np.maximum(np.abs(vectors).max(axis=1), 1e-9)
    numbers = np.clip(np.rint(vectors / largest[:, None] * 127), -127, 127).astype(np.int8)
    scale = largest / 127
    offsets = np.cumsum([0] + [len(entry) for entry in entries]).astype('<u4')
    strings = b''.join(entries)
    strings += b'\0' * (-len(strings) % 4)
    body = b''.join([
        (scale * trained['chunk_weight'][1:]).astype('<f4').tobytes(),
        (scale * trained['question_weight'][1:]).astype('<f4').tobytes(),
        offsets.tobytes(), strings, numbers.tobytes(),
    ])
    rows, dimensions = numbers.shape
    header = b'LKEM' + struct.pack('<5I8x', FORMAT_VERSION, WORDS_VERSION, rows, dimensions, len(strings))
    with open(sys.argv[2], 'wb') as out:
        out.write(header + hashlib.sha256(body).digest() + body)
    print(f'{rows} rows of {dimensions}, {(len(header) + 32 + len(body)) / 1e6:.2f} MB')


if __name__ == '__main__':
    main()
