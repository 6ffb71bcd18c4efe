import type { Command } from './command.js';
import { explain } from './explain.js';
import { exportModel } from './export.js';
import { inspect } from './inspect.js';
import { merge } from './merge.js';
import { models } from './models.js';
import { report } from './report.js';

/** All commands, in the order of help. A new one is a file and its place here. */
export const commands: readonly Command[] = [explain, inspect, exportModel, merge, report, models];
