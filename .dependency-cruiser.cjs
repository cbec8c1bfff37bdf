// The architecture as a table: a folder of src/ may import itself and the folders listed here, nothing else.
const MAY_IMPORT = {
  model: [],
  snapshot: ['model'],
  collectors: ['model', 'snapshot'],
  assets: ['model', 'snapshot'],
  graph: ['model'],
  iam: ['model', 'snapshot'],
  network: ['model', 'snapshot'],
  attack: ['model'],
  techniques: ['model', 'graph', 'iam', 'network', 'attack'],
  findings: ['model', 'graph', 'iam', 'network', 'attack', 'techniques'],
  changes: ['model', 'snapshot', 'graph', 'network', 'findings'],
  reporters: ['model', 'findings', 'changes', 'techniques'],
  page: ['model', 'attack', 'techniques', 'findings', 'reporters'],
  main: ['model', 'snapshot', 'collectors', 'assets', 'graph', 'iam', 'network', 'attack', 'techniques', 'findings', 'changes', 'reporters'],
  cli: ['model', 'main', 'reporters'],
};

const layers = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `${folder}-imports`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
}));

/** Packages that only one folder may import. */
const onlyIn = (name, packages, folder) => ({
  name,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${folder}/` },
  to: { path: packages },
});

module.exports = {
  forbidden: [
    ...layers,
    { name: 'known-folders', severity: 'error', from: { path: '^src/', pathNot: `^src/(${Object.keys(MAY_IMPORT).join('|')})/` }, to: {} },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    onlyIn('sdk-only-in-collectors', 'node_modules/(@aws-sdk|@smithy)/', 'collectors'),
    onlyIn('graphology-only-in-graph', 'node_modules/graphology', 'graph'),
    onlyIn('dagre-only-in-page', 'node_modules/@dagrejs/', 'page'),
    onlyIn('commander-only-in-cli', 'node_modules/commander', 'cli'),
    {
      name: 'io-free-reasoning',
      comment: 'everything between the snapshot and the command line is a function of plain data',
      severity: 'error',
      from: { path: '^src/(model|assets|graph|iam|network|attack|techniques|findings|changes|reporters|page)/' },
      to: { dependencyTypes: ['core'], path: '^(node:)?(fs|child_process|net|http|https|os|process)' },
    },
    {
      name: 'no-dev-dependency-in-src',
      comment: 'types alone, and what is bundled into the page',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'graphology-types|@types/sarif|@dagrejs/dagre' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
