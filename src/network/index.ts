export { buildNetwork } from './engine.js';
export { type IpSet, parseIpSet, toCidrs } from './ip-set.js';
export * from './network.js';
export { formatPorts, parsePorts, type PortSet } from './port-set.js';
