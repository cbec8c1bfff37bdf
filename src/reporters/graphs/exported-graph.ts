/** An asset, for other programs. */
export interface ExportedAsset {
  readonly id: string;
  /** e.g. `ec2:instance`. */
  readonly type: string;
  readonly name: string;
  /** Empty for what is nobody's, such as the internet. */
  readonly account: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  /** It is only named by others: no answer states it. */
  readonly isMentionedOnly: boolean;
  /** The internet reaches it. */
  readonly isExposed: boolean;
  /** The paths that end at it. */
  readonly paths: number;
}

/** A stated relationship, or an attack step of some path. */
export interface ExportedEdge {
  readonly from: string;
  readonly to: string;
  /** A verb phrase (`has-role`), or the id of a technique. */
  readonly kind: string;
  readonly step?: {
    readonly title: string;
    readonly attack: readonly string[];
    /** Everything that the step needs, the edge's start included. */
    readonly requires: readonly string[];
    readonly isConditional: boolean;
    readonly text: string;
    readonly fix: string;
    /** Ids of the paths that it is a step of. */
    readonly paths: readonly string[];
  };
}

/** Assets with their relationships and the steps of the paths; sorted, and every end of an edge is among the assets. */
export interface ExportedGraph {
  readonly assets: readonly ExportedAsset[];
  readonly edges: readonly ExportedEdge[];
}

/** A file of a format. */
export interface ExportedFile {
  /** Empty where the format is one file. */
  readonly name: string;
  readonly text: string;
}

/** A format for graphs. */
export interface GraphFormat {
  readonly name: string;
  readonly description: string;
  /** It is several files, and so needs a folder. */
  readonly isFolder: boolean;
  readonly load: () => Promise<(graph: ExportedGraph) => readonly ExportedFile[]>;
}

/** What an edge is called in words: a relationship's verb, or a technique's title. */
export const edgeLabel = (edge: ExportedEdge): string => edge.step?.title ?? edge.kind.replaceAll('-', ' ');
