#include "analyzer/detect_list.h"

const struct detector *const DETECTORS[] = {
	&DETECT_ELF,	   &DETECT_MODULE, &DETECT_PERL,    &DETECT_PYTHON, &DETECT_RULES,
	&DETECT_SCRIPTLET, &DETECT_SHELL,  &DETECT_SYMLINK, &DETECT_UNIT,
};

const size_t DETECTOR_COUNT = ARRAY_LEN(DETECTORS);
