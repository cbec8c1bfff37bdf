import { basename } from 'node:path';
import type { AssetGraph } from '../graph/index.js';
import {
  type Asset,
  at,
  EXIT,
  field,
  isObject,
  type Json,
  type JsonObject,
  objects,
  text,
  UserError,
} from '../model/index.js';
import { parseJsonFile, type Snapshot } from '../snapshot/index.js';
import type { Weakness } from '../techniques/index.js';

/** A file that `--vulnerabilities` names. */
export interface VulnerabilityFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** A weakness, and what says on which host it is: ids, names of images and artifacts. */
interface Reported {
  readonly hints: readonly string[];
  readonly weakness: Weakness;
}

/** Weaknesses of instances, by instance: Amazon Inspector's in the snapshot, and those of files. @throws UserError for a bad file. */
export function readWeaknesses(
  snapshot: Snapshot,
  graph: AssetGraph,
  files: readonly VulnerabilityFile[],
): (instance: string) => readonly Weakness[] {
  const byInstance = new Map<string, Weakness[]>();
  let instances: ReturnType<typeof instanceFinder> | undefined;
  const add = ({ hints, weakness }: Reported): boolean => {
    instances ??= instanceFinder(graph);
    const found = instances(hints);
    for (const instance of found) {
      const known = byInstance.get(instance) ?? [];
      byInstance.set(instance, known);
      if (!known.some((w) => w.id === weakness.id && w.package === weakness.package)) known.push(weakness);
    }
    return found.length > 0;
  };
  for (const answer of snapshot.answers('inspector2', 'ListFindings')) {
    for (const finding of objects(field(answer.body, 'findings')))
      for (const one of ofInspector(finding, answer.source)) add(one);
  }
  for (const { name, content } of files) {
    const reported = parseReport(parseJsonFile(name, content), name);
    const isPlaced = reported.map(add);
    if (reported.length > 0 && !isPlaced.includes(true)) {
      const hints = [...new Set(reported.flatMap((r) => r.hints))].slice(0, 3).join(', ');
      throw new UserError(
        `${name}: none of its hosts (${hints}) is an instance, an image or a name in the snapshot; name the file after the instance, as in i-0123456789abcdef0.json`,
        EXIT.usage,
      );
    }
  }
  return (instance) => byInstance.get(instance) ?? [];
}

/** Reads a report of Amazon Inspector, Trivy or Grype by its shape. */
function parseReport(report: Json, name: string): readonly Reported[] {
  const own = basename(name);
  const list = (key: string): readonly JsonObject[] => {
    const value = field(report, key);
    if (!Array.isArray(value)) return fail(name, key, 'should be a list');
    return value.map((item, index) => (isObject(item) ? item : fail(name, `${key}[${index}]`, 'should be an object')));
  };
  if (!isObject(report)) return fail(name, 'the document', 'should be an object, as Inspector, Trivy and Grype write');
  if (field(report, 'findings') !== undefined) return list('findings').flatMap((f) => ofInspector(f, name));
  if (field(report, 'matches') !== undefined) {
    const target = at(report, 'source', 'target');
    const hints = [text(target), text(at(target, 'userInput')), own].filter((h) => h !== undefined);
    return list('matches').map((match, index) => ofGrype(match, index, hints, name));
  }
  if (field(report, 'ArtifactName') !== undefined || field(report, 'SchemaVersion') !== undefined) {
    const hints = [text(field(report, 'ArtifactName')), own].filter((h) => h !== undefined);
    return field(report, 'Results') === undefined ? [] : list('Results').flatMap((r, i) => ofTrivy(r, i, hints, name));
  }
  return fail(name, 'the document', 'has none of findings (Inspector), Results (Trivy) and matches (Grype)');
}

function fail(name: string, place: string, what: string): never {
  throw new UserError(`${name}: ${place} ${what}`, EXIT.unreadable);
}

/** CVSS of every version writes the attack vector alike. */
const isNetwork = (vectors: readonly (string | undefined)[]): boolean =>
  vectors.some((v) => v?.includes('AV:N') ?? false);

/** @see https://docs.aws.amazon.com/inspector/v2/APIReference/API_Finding.html */
function ofInspector(finding: JsonObject, source: string): readonly Reported[] {
  const details = field(finding, 'packageVulnerabilityDetails');
  const id = text(at(details, 'vulnerabilityId'));
  if (id === undefined || (text(field(finding, 'status')) ?? 'ACTIVE') !== 'ACTIVE') return [];
  const hints = objects(field(finding, 'resources')).flatMap((r) => text(field(r, 'id')) ?? []);
  const vectors = [
    ...objects(at(details, 'cvss')).map((c) => text(field(c, 'scoringVector'))),
    text(at(finding, 'inspectorScoreDetails', 'adjustedCvss', 'scoringVector')),
  ];
  const isExploited =
    text(field(finding, 'exploitAvailable')) === 'YES' ||
    at(finding, 'exploitabilityDetails', 'lastKnownExploitAt') !== undefined;
  const weakness = {
    id,
    package: text(at(objects(at(details, 'vulnerablePackages'))[0], 'name')) ?? '',
    severity: (text(field(finding, 'severity')) ?? 'untriaged').toLowerCase(),
    isNetwork: isNetwork(vectors),
    isExploited,
    source,
  };
  return [{ hints, weakness }];
}

/** @see https://github.com/anchore/grype#output-formats */
function ofGrype(match: JsonObject, index: number, hints: readonly string[], name: string): Reported {
  const vulnerability = field(match, 'vulnerability');
  const id = text(at(vulnerability, 'id')) ?? fail(name, `matches[${index}].vulnerability.id`, 'should be a text');
  const related = objects(field(match, 'relatedVulnerabilities'));
  const scored = [vulnerability, ...related].flatMap((v) => objects(at(v, 'cvss')));
  return {
    hints,
    weakness: {
      id,
      package: text(at(match, 'artifact', 'name')) ?? '',
      severity: (text(at(vulnerability, 'severity')) ?? 'unknown').toLowerCase(),
      isNetwork: isNetwork(scored.map((c) => text(field(c, 'vector')))),
      isExploited: objects(at(vulnerability, 'knownExploited')).length > 0,
      source: name,
    },
  };
}

/** Trivy does not say what is exploited. @see https://trivy.dev/latest/docs/configuration/reporting/#json */
function ofTrivy(result: JsonObject, index: number, hints: readonly string[], name: string): readonly Reported[] {
  const listed = field(result, 'Vulnerabilities') ?? [];
  if (!Array.isArray(listed)) return fail(name, `Results[${index}].Vulnerabilities`, 'should be a list');
  return (listed as readonly Json[]).map((vulnerability, i) => {
    const place = `Results[${index}].Vulnerabilities[${i}].VulnerabilityID`;
    const scores = Object.values((isObject(at(vulnerability, 'CVSS')) ? at(vulnerability, 'CVSS') : {}) as JsonObject);
    return {
      hints,
      weakness: {
        id: text(at(vulnerability, 'VulnerabilityID')) ?? fail(name, place, 'should be a text'),
        package: text(at(vulnerability, 'PkgName')) ?? '',
        severity: (text(at(vulnerability, 'Severity')) ?? 'unknown').toLowerCase(),
        isNetwork: isNetwork(
          scores.flatMap((s) => ['V2Vector', 'V3Vector', 'V40Vector'].map((key) => text(at(s ?? null, key)))),
        ),
        isExploited: false,
        source: name,
      },
    };
  });
}

/** Instances by what reports call them: their ids, their images' ids, their host names and their names. */
function instanceFinder(graph: AssetGraph): (hints: readonly string[]) => readonly string[] {
  const byName = new Map<string, string[]>();
  const add = (name: string | undefined, instance: Asset): void => {
    if (name === undefined || name === '') return;
    const known = byName.get(name.toLowerCase());
    if (known) known.push(instance.id);
    else byName.set(name.toLowerCase(), [instance.id]);
  };
  for (const instance of graph.assetsOfType('ec2:instance')) {
    const bare = instance.id.slice(instance.id.lastIndexOf('/') + 1);
    const host = text(field(instance.record, 'PrivateDnsName'));
    for (const name of new Set([bare, instance.id, instance.name, host, host?.split('.')[0]])) add(name, instance);
    add(text(field(instance.record, 'ImageId')), instance);
  }
  return (hints) => {
    const names = hints.flatMap((hint) => [hint, ...(hint.match(/\b(?:i|ami)-[0-9a-f]{8,17}\b/g) ?? [])]);
    return [...new Set(names.flatMap((name) => byName.get(name.toLowerCase()) ?? []))];
  };
}
