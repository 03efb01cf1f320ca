# SPDX-License-Identifier: Apache-2.0
# One archive of everything that a built program is linked with, and of nothing else.
# In: OUTPUT, AR, and PARTS, a list of archives separated by `|`. Why a script: the members of the
# parts are joined by an archiver command that reads its orders from a file.
string(REPLACE "|" ";" parts "${PARTS}")
set(orders "CREATE ${OUTPUT}\n")
foreach(part IN LISTS parts)
  string(APPEND orders "ADDLIB ${part}\n")
endforeach()
string(APPEND orders "SAVE\nEND\n")
file(WRITE "${OUTPUT}.orders" "${orders}")
execute_process(COMMAND "${AR}" -M INPUT_FILE "${OUTPUT}.orders" RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "cannot make ${OUTPUT}")
endif()
