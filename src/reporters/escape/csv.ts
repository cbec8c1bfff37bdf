/**
 * One field of CSV, quoted as RFC 4180 says. A field that a spreadsheet would take for a formula gets an apostrophe before it.
 * @see https://www.rfc-editor.org/rfc/rfc4180 and https://owasp.org/www-community/attacks/CSV_Injection
 */
export function escapeCsv(text: string): string {
  const harmless = /^[\s]*[=+\-@|%]/.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n']|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
