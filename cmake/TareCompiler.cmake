# Compiler settings of every target (tare_options), and tare_layer() for the folders.

add_library(tare_options INTERFACE)
target_include_directories(tare_options INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
target_compile_definitions(tare_options INTERFACE
  _GNU_SOURCE _FILE_OFFSET_BITS=64
  TARE_VERSION="${PROJECT_VERSION}"
  TARE_DATADIR="${CMAKE_INSTALL_FULL_DATADIR}/tare"
  TARE_SOURCE_RULES="${CMAKE_SOURCE_DIR}/rules")
target_compile_options(tare_options INTERFACE
  -Wall -Wextra -Wshadow -Wvla -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes
  -Wold-style-definition -Wundef -Wpointer-arith -Wwrite-strings -Wimplicit-fallthrough
  -fvisibility=hidden -fno-common -fno-strict-aliasing
  $<$<BOOL:${TARE_WERROR}>:-Werror>
  $<$<CONFIG:Release>:-fstack-protector-strong>
  $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
target_link_options(tare_options INTERFACE $<$<CONFIG:Release>:-Wl,-z,relro,-z,now>)

if(TARE_SANITIZE)
  target_compile_options(tare_options INTERFACE
    -fsanitize=${TARE_SANITIZE} -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(tare_options INTERFACE -fsanitize=${TARE_SANITIZE})
endif()
if(TARE_COVERAGE)
  target_compile_options(tare_options INTERFACE --coverage -O0)
  target_link_options(tare_options INTERFACE --coverage)
endif()
if(TARE_FUZZ)
  target_compile_options(tare_options INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(tare_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# tare_layer(NAME LINK ...): the static library tare_NAME from every .c file of the folder NAME.
function(tare_layer name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${name}/*.c)
  if(sources)
    add_library(tare_${name} STATIC ${sources})
    target_link_libraries(tare_${name} PUBLIC ${ARG_LINK} PRIVATE tare_options)
  else()
    add_library(tare_${name} INTERFACE)
    target_link_libraries(tare_${name} INTERFACE ${ARG_LINK})
  endif()
endfunction()
