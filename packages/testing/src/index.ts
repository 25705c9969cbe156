export * from './builders.js';
export * from './doubles.js';
export * from './races.js';
export { memoryDatabase, type Database, type MemoryDatabase } from './memory-database.js';
export { memoryPorts } from './memory-ports.js';
export { tcpProxy, type TcpProxy } from './tcp-proxy.js';
