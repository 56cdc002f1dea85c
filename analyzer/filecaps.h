/*
 * filecaps – file capabilities as text: what the attribute security.capability holds, in
 * the form of cap_to_text(3): "cap_net_bind_service,cap_net_raw=ep".
 */
#pragma once

#include <stddef.h>

/**
 * @param data  the attribute's bytes, of any revision
 * @return new memory; NULL when the bytes are none of the kernel's forms. A namespace's
 *         root user is appended as "[rootid=1000]"; capabilities that have no name here
 *         are numbers
 */
char *filecaps_text(const void *data, size_t len);
/** filecaps_text() of an open file; NULL also when it has none. */
char *filecaps_read(int fd);
