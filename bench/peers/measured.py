# SPDX-License-Identifier: Apache-2.0
# qdo as a shared library made from a program: `qdo build --emit lib`.
import ctypes
import pathlib
import subprocess
import time

import numpy as np


class Qdo:
    """The kernel `k` of a program. `built` is the wall time of the build, cold."""

    name = "qdo"

    def __init__(self, command, text, qubits, folder, threads):
        folder = pathlib.Path(folder)
        source, library = folder / "program.qdo", folder / "program.so"
        source.write_text(text)
        began = time.perf_counter()
        subprocess.run([command, "build", source, "--emit", "lib", "-o", library], check=True)
        self.built = time.perf_counter() - began
        self.qubits = qubits
        self.library = ctypes.CDLL(str(library))
        self.kernel = ctypes.c_char.in_dll(self.library, "program_k")
        self.library.qdo_rt_open.restype = ctypes.c_void_p

        class Options(ctypes.Structure):
            _fields_ = [("seed", ctypes.c_uint64), ("threads", ctypes.c_int32),
                        ("callbacks", ctypes.c_void_p * 4)]
        self.context = ctypes.c_void_p(self.library.qdo_rt_open(ctypes.byref(Options(0, threads))))

    def _call(self, entry, rows, out):
        rows = np.ascontiguousarray(rows, dtype=np.float64)
        function = getattr(self.library, entry)
        function.restype = ctypes.c_bool
        if not function(self.context, ctypes.byref(self.kernel), rows.ctypes.data_as(ctypes.c_void_p),
                        ctypes.c_int64(len(rows)), out.ctypes.data_as(ctypes.c_void_p)):
            raise RuntimeError(entry)
        return out

    def states(self, rows):
        return self._call("qdo_rt_encoding_states", rows,
                          np.empty((len(rows), 2 ** self.qubits), dtype=np.complex128))

    def gram(self, rows):
        return self._call("qdo_rt_encoding_gram", rows, np.empty((len(rows), len(rows))))
