import { printable } from '../../reporters/printable.js';

/** What stands in an element: text is shown as text, never read as markup, and without characters that steer or hide. */
export type Child = Node | string | number | false | undefined | readonly Child[];

export interface Attributes {
  readonly class?: string | undefined;
  readonly id?: string;
  readonly [name: string]: string | number | boolean | undefined | ((event: Event) => void);
}

/** Makes an HTML element. An attribute that is false or undefined is left out; a function is a listener of the event so named. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** Makes an SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/** Attributes in which a browser would look for an address or a program: none of them is ever set from data. */
const REFUSED = /^(?:on|src|srcdoc|style|formaction|xlink:href)/i;

function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') {
      element.addEventListener(name, value);
      continue;
    }
    if (REFUSED.test(name) || (name === 'href' && !String(value).startsWith('#')))
      throw new TypeError(`the attribute ${name} is not set here`);
    element.setAttribute(name, value === true ? '' : printable(String(value)));
  }
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined || child === false) continue;
    if (typeof child === 'string' || typeof child === 'number')
      element.append(document.createTextNode(printable(String(child), { keepLines: true })));
    else if (child instanceof Node) element.append(child);
    else append(element, child);
  }
}

/** Puts new children in the place of the old ones. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  append(element, children);
}
