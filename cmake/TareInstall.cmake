# cmake --install: the program, its rules, man pages and completions.
install(TARGETS tare RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(kind profiles detectors trims policies)
  if(EXISTS ${CMAKE_SOURCE_DIR}/rules/${kind})
    install(DIRECTORY rules/${kind} DESTINATION ${CMAKE_INSTALL_DATADIR}/tare/rules
      FILES_MATCHING PATTERN "*.yaml")
  endif()
endforeach()

file(GLOB schemas CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/*/*.schema.json)
install(FILES ${schemas} DESTINATION ${CMAKE_INSTALL_DATADIR}/tare/schema)

find_program(SCDOC scdoc)
file(GLOB man_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/man/*.scd)
if(SCDOC)
  foreach(source ${man_sources})
    get_filename_component(page ${source} NAME_WLE)
    string(REGEX MATCH "[0-9]$" section ${page})
    set(out ${CMAKE_BINARY_DIR}/man/${page})
    add_custom_command(OUTPUT ${out}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/man
      COMMAND sh -c "SOURCE_DATE_EPOCH=0 ${SCDOC} < ${source} > ${out}"
      DEPENDS ${source} VERBATIM)
    list(APPEND man_pages ${out})
    install(FILES ${out} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
  endforeach()
  add_custom_target(man ALL DEPENDS ${man_pages})
endif()

foreach(pair "tare.bash|bash-completion/completions|tare" "_tare|zsh/site-functions|_tare"
    "tare.fish|fish/vendor_completions.d|tare.fish")
  string(REPLACE "|" ";" parts ${pair})
  list(GET parts 0 source)
  list(GET parts 1 folder)
  list(GET parts 2 name)
  if(EXISTS ${CMAKE_SOURCE_DIR}/packaging/completions/${source})
    install(FILES packaging/completions/${source}
      DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder} RENAME ${name})
  endif()
endforeach()

install(DIRECTORY packaging/ci DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/tare
  FILES_MATCHING PATTERN "*.yml")
