import { field, isObject, type Json, type JsonObject } from '../../model/index.js';
import { parseDocument } from './parse-document.js';
import type { PrincipalEntry } from './principal-element.js';
import { compileStatement, type Statement } from './statement.js';

/** A policy document, compiled. One that cannot be read has a `problem` and no statements: what it says is unknown. */
export interface CompiledDocument {
  readonly problem: string | undefined;
  readonly statements: readonly Statement[];
  /** Statements by the service (in lower case) that their actions name; those that name several or none are in `anyService`. */
  readonly byService: ReadonlyMap<string, readonly Statement[]>;
  readonly anyService: readonly Statement[];
}

/** A compiled document in its place. */
export interface Policy {
  /** As in {@link DecidingStatement.policy}. */
  readonly label: string;
  readonly document: CompiledDocument;
  /** Where it was read, inside the snapshot. */
  readonly source?: string;
}

const ELEMENTS = new Set(['version', 'id', 'statement']);

const unreadable = (problem: string): CompiledDocument => ({
  problem,
  statements: [],
  byService: new Map(),
  anyService: [],
});

export function compileDocument(document: Json | undefined): CompiledDocument {
  const parsed = parseDocument(document);
  if ('problem' in parsed) return unreadable(parsed.problem);
  return compileObject(parsed.object);
}

/** Compiles equal documents once. */
export class DocumentCache {
  readonly #byText = new Map<string, CompiledDocument>();
  readonly #byObject = new WeakMap<object, CompiledDocument>();

  readonly compile = (document: Json | undefined): CompiledDocument => {
    if (typeof document !== 'object' || document === null) return this.#compileText(document);
    const known = this.#byObject.get(document) ?? this.#compileText(document);
    this.#byObject.set(document, known);
    return known;
  };

  /** Lets go of the texts, which take more memory than what they say: later documents are compiled anew. */
  forgetTexts(): void {
    this.#byText.clear();
  }

  #compileText(document: Json | undefined): CompiledDocument {
    const key = typeof document === 'string' ? document : JSON.stringify(document ?? null);
    const known = this.#byText.get(key) ?? compileDocument(document);
    this.#byText.set(key, known);
    return known;
  }
}

function compileObject(object: JsonObject): CompiledDocument {
  for (const key of Object.keys(object)) {
    if (!ELEMENTS.has(key.toLowerCase()))
      return unreadable(`has an element ${JSON.stringify(key)} that policies do not have`);
  }
  const stated = element(object, 'Statement');
  const raw = Array.isArray(stated) ? stated : [stated];
  const version = element(object, 'Version');
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17')
    return unreadable(`has the Version ${JSON.stringify(version)}`);
  const statements: Statement[] = [];
  for (const [index, one] of raw.entries()) {
    if (!isObject(one))
      return unreadable(stated === undefined ? 'has no statement' : `has a statement ${index} that is no object`);
    const result = compileStatement(one, index, version === '2012-10-17');
    if ('problem' in result) return unreadable(`statement ${result.name}: ${result.problem}`);
    statements.push(result.statement);
  }
  return indexStatements(statements);
}

/** The document with other principals: what a text stands for depends on where the policy is. */
export function mapPrincipals(
  document: CompiledDocument,
  change: (entry: PrincipalEntry) => PrincipalEntry,
): CompiledDocument {
  let isChanged = false;
  const statements = document.statements.map((statement) => {
    const { principals } = statement;
    if (!principals) return statement;
    const entries = principals.entries.map(change);
    if (entries.every((entry, index) => entry === principals.entries[index])) return statement;
    isChanged = true;
    return { ...statement, principals: { ...principals, entries } };
  });
  return isChanged ? indexStatements(statements) : document;
}

function indexStatements(statements: readonly Statement[]): CompiledDocument {
  const byService = new Map<string, Statement[]>();
  const anyService: Statement[] = [];
  for (const statement of statements) {
    if (statement.services === undefined) anyService.push(statement);
    else {
      for (const service of statement.services) {
        const same = byService.get(service);
        if (same) same.push(statement);
        else byService.set(service, [statement]);
      }
    }
  }
  return { problem: undefined, statements, byService, anyService };
}

/** An element by its name, which AWS reads in any case for none: exact first, then without case. */
function element(object: JsonObject, name: string): Json | undefined {
  const exact = field(object, name);
  if (exact !== undefined) return exact;
  const lower = name.toLowerCase();
  const key = Object.keys(object).find((candidate) => candidate.toLowerCase() === lower);
  return key === undefined ? undefined : field(object, key);
}
