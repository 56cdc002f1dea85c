#include <stdio.h>

int main(void)
{
	fputs("tare: no command yet\n", stderr);
	return 2;
}
