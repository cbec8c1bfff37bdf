export * from './memory.js';
export { mergeResponses } from './merge-parts.js';
export { parseJsonFile } from './parse-json.js';
export { readSnapshot } from './read.js';
export { redactAnswer } from './redact.js';
export * from './secrets.js';
export * from './snapshot.js';
export { isEmptyAnswer, writeSnapshot } from './write.js';
export { replaceAnswers } from './replace-answers.js';
