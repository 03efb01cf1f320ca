// SPDX-License-Identifier: Apache-2.0
// Passes of qdo-opt that are wrong on purpose: what guards passes is tested with them.
#ifndef QDO_COMPILER_TOOLS_TEST_PASSES_H
#define QDO_COMPILER_TOOLS_TEST_PASSES_H

namespace qdo::tools {

void registerTestPasses();

} // namespace qdo::tools

#endif
