#include "graph/model.h"

#include "base/macros.h"

#include <string.h>

#define ROW(value, name) [value] = (name),
#define DEFINE(type, list)                                                               \
	static const char *const type##_names[] = { list(ROW) };                         \
	const char *type##_name(enum type value)                                         \
	{                                                                                \
		return type##_names[value];                                              \
	}                                                                                \
	int type##_parse(const char *name)                                               \
	{                                                                                \
		for (size_t i = 0; i < ARRAY_LEN(type##_names); i++)                     \
			if (strcmp(type##_names[i], name) == 0)                          \
				return (int)i;                                           \
		return -1;                                                               \
	}
MODEL_ENUM_FUNCTIONS(DEFINE)

#define INSTALL_PHASES (PHASE_PRE | PHASE_POST | PHASE_POSTTRANS)
#define LASTING_PHASES (PHASE_PREUN | PHASE_POSTUN | PHASE_META)

bool phases_install_only(uint32_t phases)
{
	if (phases & PHASE_PRETRANS)
		return true;
	return (phases & INSTALL_PHASES) && !(phases & LASTING_PHASES);
}
