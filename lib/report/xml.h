/*
 * xml.h - text as the content of an XML element or attribute.
 */
#ifndef PXE_REPORT_XML_H
#define PXE_REPORT_XML_H

#include "base/sbuf.h"

/**
 * xml_add() - escape what XML would misread
 *
 * Control characters, for which XML 1.0 has no place at all, are written as
 * sbuf_escape() does; a newline stays.
 */
void xml_add(struct sbuf *out, const char *s);

#endif
