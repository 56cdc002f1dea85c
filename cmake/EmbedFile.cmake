# Script mode: IN, OUT, SYMBOL. Writes a C file with the bytes of IN and their SHA-256.
file(READ ${IN} hex HEX)
file(SHA256 ${IN} sha256)
string(LENGTH "${hex}" digits)
math(EXPR bytes "${digits} / 2")
string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," body "${hex}")
file(WRITE ${OUT} "#include <stddef.h>\n\nextern const char ${SYMBOL}[];\nextern const size_t ${SYMBOL}_len;\nextern const char ${SYMBOL}_sha256[];\nconst char ${SYMBOL}[] = {\n${body}0x00\n};\nconst size_t ${SYMBOL}_len = ${bytes};\nconst char ${SYMBOL}_sha256[] = \"${sha256}\";\n")
