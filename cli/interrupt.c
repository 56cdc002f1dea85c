#include "cli/interrupt.h"

#include "base/macros.h"

#include <stddef.h>

static const int SIGNALS[] = { SIGINT, SIGTERM, SIGHUP };

/* The one variable that a signal handler can reach. */
static volatile sig_atomic_t caught;

static void on_signal(int number)
{
	caught = number;
}

void interrupt_begin(void)
{
	struct sigaction mine = { .sa_handler = on_signal,
				  .sa_flags = SA_RESTART | (int)SA_RESETHAND };
	struct sigaction old;

	caught = 0;
	for (size_t i = 0; i < ARRAY_LEN(SIGNALS); i++)
		if (sigaction(SIGNALS[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(SIGNALS[i], &mine, NULL);
}

const volatile sig_atomic_t *interrupt_flag(void)
{
	return &caught;
}

void interrupt_end(void)
{
	struct sigaction old;

	for (size_t i = 0; i < ARRAY_LEN(SIGNALS); i++)
		if (sigaction(SIGNALS[i], NULL, &old) == 0 && old.sa_handler == on_signal)
			signal(SIGNALS[i], SIG_DFL);
	if (caught)
		raise(caught);
}
