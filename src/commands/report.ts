import { join, resolve } from 'node:path';
import { defineOption } from '../options/define.js';
import { text } from '../options/values.js';
import { REPORT, writeReport } from '../report/write.js';
import { defineCommand } from './command.js';

export const report = defineCommand({
  usage: 'report <output>',
  description: 'Make the report page of a run again, from its folder',
  positionals: {
    output: defineOption({ values: text('a folder'), required: true, describe: 'The --output of a run' }),
  },
  run: async ({ output }, { print }) => {
    await writeReport(resolve(output));
    print(join(output, REPORT));
    return 0;
  },
});
