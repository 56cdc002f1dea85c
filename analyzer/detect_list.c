#include "analyzer/detect_list.h"

const struct detector *const DETECTORS[] = {
	&DETECT_RULES,
	&DETECT_SHELL,
	&DETECT_SYMLINK,
	&DETECT_UNIT,
};

const size_t DETECTOR_COUNT = ARRAY_LEN(DETECTORS);
