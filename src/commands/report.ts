import { defineOption } from '../options/define.js';
import { text } from '../options/values.js';
import { REPORT } from '../report/own-files.js';
import { writeReport } from '../report/write.js';
import { placeOf } from '../stores/index.js';
import { below } from '../stores/places.js';
import { defineCommand } from './command.js';
import { unlessStopped } from './unless-interrupted.js';

export const report = defineCommand({
  usage: 'report <output>',
  description: 'Make the report page of a run again, from its folder',
  positionals: {
    output: defineOption({ values: text('a folder'), required: true, describe: 'The --output of a run' }),
  },
  run: async ({ output }, { print, signal }) => {
    const write = async () => {
      await writeReport(placeOf(output), signal);
      return below(output, REPORT);
    };
    const file = await unlessStopped(write(), signal);
    if (file === undefined) return 130;
    print(file);
    return 0;
  },
});
