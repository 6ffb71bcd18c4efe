import { statSync } from 'node:fs';
import { builtInModels, locateModel, readSideFile } from '../model/locate.js';
import { runOptions } from '../options/run.js';
import { defineCommand } from './command.js';

const describe = (name: string): string => {
  const { file, folder } = locateModel(name);
  const labels = Object.values(readSideFile(folder, 'config.json')?.id2label ?? {});
  const megabytes = (statSync(file).size / 1e6).toFixed(1);
  const standard = name === runOptions.model.default ? ' (default)' : '';
  return `${name}${standard}: ${labels.length} classes (${labels
    .slice(0, 3)
    .map((l) => String(l).split(',')[0])
    .join(', ')}...), ${megabytes} MB`;
};

export const models = defineCommand({
  usage: 'models',
  description: 'List the built-in models',
  run: async (_, { print }) => {
    for (const name of builtInModels()) print(describe(name));
    return 0;
  },
});
