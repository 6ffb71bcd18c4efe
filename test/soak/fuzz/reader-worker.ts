import { isKnownError, prepareModel } from '../../../src/index.js';

/** Reads the models whose paths it is sent, one after the other, by the library alone: no start of a process for each. */

const polluted = (): boolean => Object.keys(Object.prototype).length > 0 || Object.keys(Array.prototype).length > 0;

const read = async (model: string): Promise<string> => {
  try {
    await prepareModel(model, { threads: 1 });
  } catch (error) {
    if (!isKnownError(error)) return (error instanceof Error && error.stack) || String(error);
  }
  return polluted() ? 'what all objects are made of was changed' : '';
};

process.on('message', (model) => void read(String(model)).then((fault) => process.send?.({ fault })));
process.on('disconnect', () => process.exit());
