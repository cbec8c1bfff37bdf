/**
 * Controls, formatting characters (those that turn the direction of text round, or take no room), lone surrogates and line
 * separators: names and messages come from outside and must neither steer a terminal nor show other than they are.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const UNPRINTABLE_BUT_NEWLINE = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The text on one line, without anything that steers a terminal; `keepLines` leaves newlines in. */
export const printable = (text: string, options: { readonly keepLines?: boolean } = {}): string =>
  options.keepLines === true
    ? text.replace(UNPRINTABLE_BUT_NEWLINE, '')
    : text.replace(/[\t\r\n]+/g, ' ').replace(UNPRINTABLE, '');
