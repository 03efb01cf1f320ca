#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# qdo and its peers on the same work in one run, alternating; medians of five, and ratios.
# In: the qdo to measure, words that select sections. Each section is a process of its own, so that
# its number of threads holds for every library in it. A time marked ~ was measured on fewer rows and
# extrapolated. Every peer's states are first compared with qdo's: a side that computes something
# else is not timed. Goals are ratios to a side, or to the fastest of some; what was reached is said.
import os
import statistics
import subprocess
import sys
import tempfile
import time

SECTIONS = {"gram": 2, "states": 1, "layers": 2, "fourier": 2, "many": 2, "clifford": 1, "density": 2, "gradient": 1}
ROUNDS = 5
PATIENCE = 30  # seconds for one large state; a slower side is left out of larger ones, and named


def seconds(call):
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def medians(sides):
    """name -> median seconds; the sides take turns. One warm-up each is not counted."""
    for call in sides.values():
        call()
    times = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, call in sides.items():
            times[name].append(seconds(call))
    return {name: statistics.median(values) for name, values in times.items()}


def extrapolated(n, t, m, u, target):
    """What is linear and what is quadratic in the rows, from the times t of n rows and u of m."""
    quadratic = max(0.0, (t / n - u / m) / (n - m))
    linear = max(0.0, t / n - quadratic * n)
    return linear * target + quadratic * target ** 2


def line(what, found, marks=(), factor=None, goals=()):
    """One row of the table: milliseconds, and how many times qdo's each other side takes. A goal is
    the name of what it is beside, which sides these are, and a ratio to the fastest of them."""
    factor = factor or {}
    full = {name: value * factor.get(name, 1) for name, value in found.items()}
    own = full.pop("qdo")
    cells = [f"{name} {'~' if name in marks else ''}{value * 1e3:.4g} ms ({value / own:.3g}x)"
             for name, value in sorted(full.items(), key=lambda item: item[1])]
    print(f"{what:34} qdo {own * 1e3:9.4g} ms   " + "   ".join(cells), flush=True)
    for beside, chosen, goal in goals:
        ratios = [value / own for name, value in full.items() if chosen(name)]
        if ratios:
            print(f"  goal {goal:g}x {beside}: " + ("reached" if min(ratios) >= goal else "missed")
                  + f", {min(ratios):.3g}x", flush=True)


def agreeing(qdo, peers, rows, gates):
    """The peers whose states are qdo's, up to a global phase."""
    import numpy as np
    own, good = qdo.states(rows[:2]), []
    for peer in peers:
        other = peer.states(rows[:2], gates)
        overlap = np.abs((own.conj() * other).sum(axis=1))
        if np.all(np.abs(overlap - 1) < (1e-4 if other.dtype == np.complex64 else 1e-9)):
            good.append(peer)
        else:
            print(f"  {peer.name} computes something else: overlaps {overlap}", flush=True)
    return good


def gram(command):
    import numpy as np
    import peers
    import workloads
    from measured import Qdo
    from scipy.linalg.blas import zherk
    for n in (8, 10, 12):
        text, width, gates = workloads.zz(n)
        rows = np.random.default_rng(1).uniform(0, 1, (1000, width))
        few, fewer = rows[:40], rows[:8]
        with tempfile.TemporaryDirectory() as folder:
            qdo = Qdo(command, text, n, folder, 2)
            found, missing = peers.available(n)
            found = agreeing(qdo, [p for p in found if p.name != "qsim f32"], rows, gates)
            states = np.asfortranarray(qdo.states(rows).T)

            def product():
                k = zherk(1.0, states, trans=2)
                return k.real ** 2 + k.imag ** 2
            sides = {"qdo": lambda: qdo.gram(rows), "zherk": product}
            scale, kernels = {}, []
            for peer in found:
                sides[peer.name] = lambda peer=peer: peer.states(few, gates)
                scale[peer.name] = len(rows) / len(few)
            for name, make, data in (("qiskit-ml kernel", peers.qiskit_kernel, few),
                                     ("pennylane kernel", peers.pennylane_kernel, fewer)):
                try:
                    kernel = make(n, gates)
                except ImportError as error:
                    missing.append(f"{name} ({error.name})")
                    continue
                worst = np.abs(kernel(fewer) - qdo.gram(fewer)).max()
                if worst > 1e-9:
                    print(f"  {name} computes something else: {worst}")
                    continue
                kernels.append(name)
                for part in (data, data[:len(data) // 2]):
                    sides[name, len(part)] = lambda make=make, part=part: make(n, gates)(part)
            times = medians(sides)
            expert = times.pop("zherk")
            for name in kernels:
                (most, all_of_it), (half, half_of_it) = sorted(
                    ((key[1], times.pop(key)) for key in list(times) if key[0] == name), reverse=True)
                times[name] = extrapolated(most, all_of_it, half, half_of_it, len(rows))
            for peer in found:
                times[f"{peer.name} + ZHERK"] = times.pop(peer.name) * scale.pop(peer.name) + expert
            line(f"zz kernel 1000 x 1000, n = {n}", times, set(times) - {"qdo"}, scale,
                 [("qiskit-machine-learning's kernel", lambda name: name == "qiskit-ml kernel", 100),
                  ("PennyLane's kernel", lambda name: name == "pennylane kernel", 1000),
                  ("the fastest peer's own kernel", lambda name: name.endswith("kernel"), 10),
                  ("the fastest states and ZHERK", lambda name: name.endswith("ZHERK"),
                   {8: 4, 10: 2.5, 12: 1.8}[n])])
            print(f"  built in {qdo.built * 1e3:.0f} ms, cold" +
                  (f"; missing: {', '.join(missing)}" if missing else ""), flush=True)


def states(command):
    import numpy as np
    import peers
    import workloads as w
    from measured import Qdo
    kinds = {"zz": w.zz, "iqp, repeats 1": lambda n: w.iqp(n, 1), "iqp, repeats 5": lambda n: w.iqp(n, 5),
             "pauli Z, YY": w.pauli, "hardware_efficient, 4 layers": w.hardware_efficient,
             "reupload, 6 layers": w.reupload, "random structure": w.random_pairs}
    for what, make in kinds.items():
        for n in (8, 10, 12):
            text, width, gates = make(n)
            rows = np.random.default_rng(2).uniform(-1, 1, (200, width))
            with tempfile.TemporaryDirectory() as folder:
                qdo = Qdo(command, text, n, folder, 1)
                found, missing = peers.available(n)
                sides = {"qdo": lambda: qdo.states(rows)}
                for peer in agreeing(qdo, found, rows, gates):
                    sides[peer.name] = lambda peer=peer: peer.states(rows[:50], gates)
                goal = (25 if what == "zz" else 15 if what.startswith(("iqp", "pauli"))
                        else {8: 8, 10: 6, 12: 3}[n])
                line(f"200 states, {what}, n = {n}", medians(sides), set(sides) - {"qdo"},
                     {name: 4 for name in sides if name != "qdo"},
                     [("the fastest peer", lambda name: True, goal)])


def large(command, kinds):
    import numpy as np
    import peers
    from measured import Qdo
    for what, make, sizes, goals in kinds:
        slow = set()
        for n in sizes:
            text, width, gates = make(n)
            rows = np.random.default_rng(3).uniform(0, 6, (1, width))
            with tempfile.TemporaryDirectory() as folder:
                qdo = Qdo(command, text, n, folder, 2)
                found = [peer for peer in peers.available(n)[0] if peer.name not in slow]
                sides = {"qdo": lambda: qdo.states(rows)}
                for peer in agreeing(qdo, found, rows[[0, 0]], gates) if n <= 20 else found:
                    sides[peer.name] = lambda peer=peer: peer.states(rows, gates)
                times = medians(sides)
                line(f"{what}, n = {n}", times, goals=[
                    ("the fastest peer in double precision", lambda name: not name.endswith("f32"),
                     goals[n])])
                for name in {name for name, value in times.items() if value > PATIENCE} - slow:
                    print(f"  {name} took {times[name]:.0f} s: left out of larger ones", flush=True)
                    slow.add(name)


def layers(command):
    import workloads
    large(command, [("20 random layers", workloads.layers, (20, 22, 24, 26),
                     {20: 1.5, 22: 2, 24: 2, 26: 2})])


def fourier(command):
    import workloads
    large(command, [("Fourier transform", workloads.fourier, (20, 24), {20: 3, 24: 3})])


def many(command):
    """A matrix of 20,000 rows: time, and memory beside the matrix. No peer is waited for."""
    import resource

    import numpy as np
    import workloads
    from measured import Qdo
    text, width, _ = workloads.zz(8)
    rows = np.random.default_rng(3).uniform(0, 1, (20000, width))
    with tempfile.TemporaryDirectory() as folder:
        qdo = Qdo(command, text, 8, folder, 2)
        few = qdo.gram(rows[:50])
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        matrix = qdo.gram(rows)
        taken = time.perf_counter() - began
        beside = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before - matrix.nbytes / 1024
        right = np.allclose(matrix[:50, :50], few, atol=1e-13) and matrix[-1, 3] == matrix[3, -1]
        print(f"zz kernel 20,000 x 20,000, n = 8   qdo {taken:.1f} s, {beside / 1024:.0f} MiB beside "
              f"the matrix{'' if right else ', WRONG VALUES'}", flush=True)


def clifford(command):
    """Shots of random Clifford circuits: the whole process of both, compiler included."""
    import workloads
    for n, depth, shots in ((100, 20, 100_000), (1000, 10, 10_000)):
        ours, theirs = workloads.clifford(n, depth, shots)
        with tempfile.TemporaryDirectory() as folder:
            program, script = os.path.join(folder, "c.qdo"), os.path.join(folder, "c.py")
            for path, text in ((program, ours), (script, theirs)):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)

            def run(*arguments):
                subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
            line(f"{shots:,} shots, {n} qubits, {depth} layers", medians({
                "qdo": lambda: run(command, "run", program, "--quiet", "--threads", "1"),
                "stim": lambda: run(sys.executable, script)}))


def density(command):
    """Density matrices: qdo is the whole process of a built program; of Aer, whose Python takes
    seconds to start, it is `run` alone."""
    import workloads
    from qiskit import QuantumCircuit
    from qiskit.quantum_info import Pauli
    from qiskit_aer import AerSimulator
    from qiskit_aer.noise import NoiseModel, depolarizing_error
    n, depth, p = 10, 10, 0.01
    text, steps = workloads.depolarised(n, depth, p)
    noise = NoiseModel()
    noise.add_all_qubit_quantum_error(depolarizing_error(p, 1), ["u"])
    noise.add_all_qubit_quantum_error(depolarizing_error(p, 2), ["cz"])
    circuit = QuantumCircuit(n)
    for name, wires, angles in steps:
        getattr(circuit, name)(*angles, *wires)
    circuit.save_expectation_value(Pauli("Z" + "I" * (n - 2) + "Z"), range(n))
    simulator = AerSimulator(method="density_matrix", noise_model=noise,
                             max_parallel_threads=2)
    with tempfile.TemporaryDirectory() as folder:
        source, program = os.path.join(folder, "c.qdo"), os.path.join(folder, "c")
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
        subprocess.run([command, "build", source, "-o", program], check=True)

        def ours():
            done = subprocess.run([program, "--quiet", "--threads", "2"], check=True,
                                  capture_output=True, text=True)
            return float(done.stdout)

        def theirs():
            return simulator.run(circuit).result().data()["expectation_value"]
        if abs(ours() - theirs()) > 1e-10:
            print(f"  aer computes something else: {ours()}, {theirs()}", flush=True)
            return
        line(f"{depth} noisy layers, {n} qubits", medians({"qdo": ours, "aer": theirs}))


def gradient(command):
    """200 steps of gradient descent: qdo is the whole process of a built program and of `qdo run`,
    compiling included; of Catalyst it is the compiled training alone, after its compilation."""
    import numpy as np
    import training
    text, rows, labels, start = training.classifier()
    theirs = training.catalyst(rows, labels, start)
    with tempfile.TemporaryDirectory() as folder:
        source, program = os.path.join(folder, "c.qdo"), os.path.join(folder, "c")
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
        subprocess.run([command, "build", source, "-o", program], check=True)

        def run(*arguments):
            done = subprocess.run([*arguments, "--quiet", "--threads", "1"], check=True,
                                  capture_output=True, text=True,
                                  env={**os.environ, "QDO_CACHE_DIR": ""})
            return np.array(eval(done.stdout))
        worst = np.abs(run(program) - theirs()).max()
        if worst > 1e-6:
            print(f"  catalyst computes something else: {worst}", flush=True)
            return
        line(f"{training.STEPS} steps, {training.QUBITS} qubits, {training.LAYERS} layers",
             medians({"qdo": lambda: run(program), "qdo run": lambda: run(command, "run", source),
                      "catalyst": theirs}),
             goals=[("Catalyst", lambda name: name == "catalyst", 1)])


def main():
    command, words = sys.argv[1], sys.argv[2:]
    if words[:1] == ["--section"]:
        return globals()[words[1]](command)
    status = 0
    for section, threads in SECTIONS.items():
        if words and not any(word in section for word in words):
            continue
        print(f"== {section}, {threads} thread{'s' * (threads > 1)} ==", flush=True)
        limits = {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
        done = subprocess.run([sys.executable, "-B", __file__, command, "--section", section],
                              env={**os.environ, **limits})
        status = status or done.returncode
    return status


if __name__ == "__main__":
    sys.exit(main())
