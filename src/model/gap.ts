/** Something that could not be seen: a refused or failed call, or an answer that could not be read. */
export interface Gap {
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly operation: string;
  readonly resource?: string;
  /** The error's name, e.g. `AccessDenied`, `Throttling`, `Unreadable`. */
  readonly error: string;
  readonly message: string;
}
