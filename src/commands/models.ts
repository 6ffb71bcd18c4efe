import { statSync } from 'node:fs';
import { builtInModels, locateModel, readSideFile } from '../model/locate.js';
import { optionTable } from '../options/explain.js';
import type { Terminal } from '../terminal/contract.js';

const describe = (name: string): string => {
  const { file, folder } = locateModel(name);
  const labels = Object.values(readSideFile(folder, 'config.json')?.id2label ?? {});
  const megabytes = (statSync(file).size / 1e6).toFixed(1);
  const standard = name === optionTable.model.default ? ' (default)' : '';
  return `${name}${standard}: ${labels.length} classes (${labels
    .slice(0, 3)
    .map((l) => String(l).split(',')[0])
    .join(', ')}...), ${megabytes} MB`;
};

/** `gapcam models`. @returns the exit code. */
export const models = ({ print }: Terminal): number => {
  for (const name of builtInModels()) print(describe(name));
  return 0;
};
