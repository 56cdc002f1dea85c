#include "analyzer/detect_list.h"

const struct detector *const DETECTORS[] = {
	&DETECT_RULES,
	&DETECT_SYMLINK,
};

const size_t DETECTOR_COUNT = ARRAY_LEN(DETECTORS);
