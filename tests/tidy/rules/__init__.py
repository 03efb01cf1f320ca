# SPDX-License-Identifier: Apache-2.0
# One module a rule: `check(tree)` yields findings. A rule without a self-test is not registered here.
from rules import (banners, context_parts, dependencies, doors, error_pages, layout, links, long_files,
                   marks, wide_headers)

RULES = [banners, context_parts, dependencies, doors, error_pages, layout, links, long_files, marks,
         wide_headers]
