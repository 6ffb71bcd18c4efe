import { formats } from '../convert/formats/index.js';
import { readOptions, requireFitting } from '../convert/options.js';
import { openRun } from '../convert/run.js';
import { writeFiles } from '../convert/write.js';
import { UsageError } from '../errors.js';
import { boxRule } from '../options/boxes.js';
import { convertOptions } from '../options/convert.js';
import { defineOption } from '../options/define.js';
import { runOptions } from '../options/run.js';
import { keysOf, oneOf, text } from '../options/values.js';
import { openStore, placeOf } from '../stores/index.js';
import { isSameFile } from '../stores/same-file.js';
import { counted } from '../terminal/lines.js';
import { defineCommand } from './command.js';
import { unlessStopped } from './unless-interrupted.js';

export const convert = defineCommand({
  usage: 'convert <run>',
  description: "Write a run's boxes and maps in the format of another tool",
  positionals: {
    run: defineOption({ values: text('a folder'), required: true, describe: 'The --output of a run' }),
  },
  options: {
    to: defineOption({ values: oneOf(keysOf(formats)), required: true, describe: 'The format' }),
    output: { ...runOptions.output, default: undefined, required: true, describe: 'Folder for its files' },
    boxes: defineOption({
      values: boxRule,
      otherwise: "the run's own, else 0.2",
      describe: 'Where boxes end: 0.2 of the largest value, otsu, share:0.8 or logits:4',
    }),
    ...convertOptions,
    overwrite: { ...runOptions.overwrite, describe: 'Replace files of the same names' },
  },
  examples: [['$0 convert out --to coco -o coco', 'Boxes of a run for the tools of COCO']],
  run: async ({ run: place, to, output, boxes, overwrite, ...given }, { note, signal }) => {
    requireFitting<keyof typeof formats>(formats, to, given);
    const [source, target] = [placeOf(place), placeOf(output)];
    if (isSameFile(source, target)) {
      throw new UsageError('usage', `${output} is the run itself; choose another --output.`);
    }
    const options = await readOptions(given);
    const { run, counts } = await openRun(source, boxes, signal);
    const store = openStore(target);
    const held = await store.lock();
    const stopped = AbortSignal.any([signal, held]);
    const write = async () => {
      try {
        return await writeFiles(store, formats[to].convert(run, options, note), overwrite, stopped);
      } finally {
        await store.release();
      }
    };
    const files = await unlessStopped(write(), signal);
    if (files === undefined) return 130;
    const { photos, boxes: found, empty, failed, unreadable } = counts();
    // Some formats hold maps alone, and no boxes were looked for.
    const withBoxes = found + empty > 0 ? ` with ${counted(found, 'box', 'boxes')}` : '';
    const parts = [`${counted(photos, 'photo')}${withBoxes}`];
    if (empty > 0) parts.push(`${counted(empty, 'map')} without a box`);
    if (failed > 0) parts.push(`${failed} failed and left out`);
    note(`${parts.join(', ')}; ${counted(files, 'file')} in ${output}`);
    if (unreadable > 0) note(`${counted(unreadable, 'line')} of manifest.jsonl could not be read, and left out.`);
    return unreadable > 0 ? 1 : 0;
  },
});
