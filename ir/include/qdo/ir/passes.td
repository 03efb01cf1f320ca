// SPDX-License-Identifier: Apache-2.0
// Every pass of the project.
#ifndef QDO_IR_PASSES_TD
#define QDO_IR_PASSES_TD

include "mlir/Pass/PassBase.td"

def VerifyLinearity : Pass<"verify-linearity"> {
  let summary = "checks that every qubit has exactly one use";
  let description = [{
    Results and block arguments alike, once on every path. The same check runs after every other
    pass by itself; this pass is for pipelines that want it at a named place, and for its tests.
  }];
}

// ---- transforms
def ResolveModifiers : Pass<"qc-resolve-modifiers"> {
  let summary = "unfolds qc.ctrl, qc.inv and qc.pow";
  let description = [{
    Distributes a control over its body, reverses and inverts under an inverse, repeats under a
    power. What remains is gates, and qc.ctrl or qc.inv (or a qc.ctrl around a qc.inv) around
    exactly one gate for which gates.def has no name. Global phase is kept: a controlled gate of
    gates.def is the control of exactly its matrix.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def CancelInverses : Pass<"qc-cancel-inverses"> {
  let summary = "removes a gate next to its inverse";
  let description = [{
    Both gates must act on the same qubits in the same roles, with equal or exactly opposite angles.
  }];
}

def MergeRotations : Pass<"qc-merge-rotations"> {
  let summary = "joins neighbouring rotations about one axis into one";
  let description = [{
    Angles may be unknown: the sum is an arith.addf. Only gates undone by negating one angle take
    part.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def RemoveDeadGates : Pass<"qc-remove-dead-gates"> {
  let summary = "removes gates that are exactly the identity, global phase included";
  let description = [{
    Rotations by a constant zero, and modifiers without effect. Gates before a measurement or a
    discard stay: nothing else may remove a gate.
  }];
}

def Commute : Pass<"qc-commute"> {
  let summary = "cancels and joins gates across others that they commute with";
  let description = [{
    Two gates commute when on every qubit they share both are functions of one Pauli, which is read
    off the matrices. Symmetric gates meet in any order of their qubits.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def FoldPhases : Pass<"qc-fold-phases"> {
  let summary = "adds up phases of the same parity of path variables";
  let description = [{
    Amy, Maslov, Mosca, IEEE TCAD 33, 1476 (2014); Nam et al., npj Quantum Information 4, 23 (2018).
    Angles may be unknown. No gate is added, and the number of T gates never grows.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def FuseOneQubit : Pass<"qc-fuse-one-qubit"> {
  let summary = "makes runs of one-qubit gates as short as can be proved";
  let description = [{
    Constant gates in a row become at most one gate. A constant that carries one Pauli to another
    moves behind a rotation by an unknown angle, whose axis changes with it.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def ResynthesisePairs : Pass<"qc-resynthesise-pairs"> {
  let summary = "rewrites constant gates on two qubits with fewer two-qubit gates";
  let description = [{
    A block of constant gates on one pair is decomposed (KAK) and built again from 0 to 3 CNOTs, the
    least that is possible. It stays as it is unless that saves gates on two qubits.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def ResynthesiseParities : Pass<"qc-resynthesise-parities"> {
  let summary = "rewrites sections of CNOTs and phases with fewer CNOTs";
  let description = [{
    Between gates that make new variables, phases of parities and the linear map of the wires are
    built again by a greedy parity network (after Amy, Azimzadeh, Mosca, arXiv:1712.01859). Angles
    may be unknown. A section stays as it is unless that saves CNOTs; a swap counts as three.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def PlaceSwaps : Pass<"qc-place-swaps"> {
  let summary = "moves a swap next to a gate on the same two qubits";
  let description = [{
    Gates between the two are renamed. A swap and a phase of the same pair are three CNOTs together.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def ElideSwaps : Pass<"qc-elide-swaps"> {
  let summary = "renames qubits instead of exchanging them";
  let description = [{
    In live code swaps vanish. In a circuit, whose qubits end where they began, they meet at its end
    as one permutation, if that takes fewer of them.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def LowerToBasis : Pass<"qc-lower-to-basis"> {
  let summary = "spells every gate as cx and one-qubit gates";
  let description = [{
    Toffoli gates become Clifford+T, symbolic controlled rotations two CNOTs. Phases under many
    controls are sums over parities: a gate with more than 12 controls is refused.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def SpellOneQubit : Pass<"qc-spell-one-qubit"> {
  let summary = "spells every one-qubit gate as rz, sx and x";
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def ReuseQubits : Pass<"qc-reuse-qubits"> {
  let summary = "makes new live qubits as late as possible, in the room of measured ones";
  let description = [{
    Sources of qubits, and gates on nothing but new qubits, sink to their first use. Measurements
    and discards keep their order, and so does every random number.
  }];
}

def RecogniseKernels : Pass<"qdo-recognise-kernels", "::mlir::ModuleOp"> {
  let summary = "finds fidelities that are kernels: |<E(a)|E(b)>|^2";
  let description = [{
    Marks a qdo.fidelity of one circuit with two sets of data by `kernel = @circuit`. A fidelity of
    |0..0> with E(a) then the inverse of E(b) becomes that form first: two preparations of E instead
    of a circuit for each pair. Runs right after qc-resolve-modifiers.
  }];
}

// ---- conversion
def OutlineRegions : Pass<"qdo-outline", "::mlir::ModuleOp"> {
  let summary = "turns the regions of policies, selections and estimates into functions";
  let description = [{
    Values from above are packed by qdo.capture and unpacked in the function. In the same step the
    op becomes calls of entry points that take the function and its captures.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlir::arith::ArithDialect"];
}

def QdoToRuntime : Pass<"qdo-to-runtime", "::mlir::ModuleOp"> {
  let summary = "spells every other op of qdo as calls of entry points";
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::complex::ComplexDialect"];
}

def QcToRuntime : Pass<"qc-to-runtime", "::mlir::ModuleOp"> {
  let summary = "makes live qubits ids and their gates calls";
  let description = [{
    In functions `!qc.q` becomes i64; qc.if, qc.while and qc.for become those of scf, which are safe
    for ids. Circuits stay. Modifiers must be resolved.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlir::arith::ArithDialect",
      "::mlir::scf::SCFDialect"];
}

def ToLlvm : Pass<"qdo-to-llvm", "::mlir::ModuleOp"> {
  let summary = "everything to the LLVM dialect";
  let description = [{
    Circuits become `void(ptr sink, ptr data)`. Functions get the context first; `main` becomes
    `qdo_main` and any other `f` becomes `qdo.f`, which no C library defines. Calls that can fail
    get a site; the table of sites is the module's attribute `qdo.sites`.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::func::FuncDialect",
      "::mlir::cf::ControlFlowDialect"];
}

def ToBlocks : Pass<"qdo-to-blocks", "::mlir::ModuleOp"> {
  let summary = "loops and conditions become blocks and branches";
  let description = [{
    The patterns of `convert-scf-to-cf`, from the end of each function to its begin: a condition
    splits the block that it stands in, and from the front every one of thousands would move all
    that follow.
  }];
  let dependentDialects = ["::mlir::cf::ControlFlowDialect"];
}

def CheckStatus : Pass<"qdo-check-status", "::mlir::ModuleOp"> {
  let summary = "leaves a function when a call has failed";
  let description = [{
    After each call of an entry point that takes a site, and of each function that holds one, loads
    the context's status and returns zeros when it is not zero.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif
