import { onnxruntimeNode } from './onnxruntime-node.js';
import type { Runtime } from './session.js';

/** The libraries that can run a network, by name. A new one is one file and one entry. */
export const runtimes = { 'onnxruntime-node': onnxruntimeNode } satisfies Record<string, Runtime>;

/** The library that runs every network. */
export const runtime: Runtime = runtimes['onnxruntime-node'];
