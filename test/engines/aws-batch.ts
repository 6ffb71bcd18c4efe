import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { PhotoLine } from '../../src/results/line.js';
import { openS3 } from '../../src/s3/client.js';
import { gapcam } from '../helpers/command.js';
import { hasMoto, startMoto } from '../helpers/moto.js';
import { root } from '../helpers/repository.js';
import { explainedIn } from './answers.js';
import { atWorkplace, type Workplace } from './photos.js';
import { validated } from './schemas.js';
import type { Outcome } from './trial.js';

const program = `
import copy, json, botocore.session
from botocore.validate import ParamValidator
calls = json.load(open('examples/aws-batch.json'))
service = botocore.session.get_session().get_service_model('batch')
def faults(call, operation): return ParamValidator().validate(call, service.operation_model(operation).input_shape)
for name, operation in {'jobDefinition': 'RegisterJobDefinition', 'array': 'SubmitJob', 'merge': 'SubmitJob'}.items():
    found = faults(calls[name], operation)
    if found.has_errors(): raise SystemExit(f'{name}: {found.generate_report()}')
    print(operation, name)
wrong = copy.deepcopy(calls['array'])
wrong['arrayProperties'] = {'sise': 4}
if not faults(wrong, 'SubmitJob').has_errors(): raise SystemExit('a wrong key is not refused')
`;

const { jobDefinition, array, merge } = JSON.parse(readFileSync(join(root, 'examples/aws-batch.json'), 'utf8'));
const jobs: number = array.arrayProperties.size;

/** Runs the commands of the file as the service would start them. @returns what is wrong with what they make. */
const faultsInBucket = async ({ paths, expected }: Workplace): Promise<readonly string[]> => {
  const moto = await startMoto();
  Object.assign(process.env, moto.environment);
  try {
    const s3 = await openS3('bucket');
    for (const path of paths) await s3.put(`photos/${basename(path)}`, readFileSync(path));
    const jobAt = (index: number) =>
      gapcam([...jobDefinition.containerProperties.command, '-m', 'nin-cifar10'], {
        environment: {
          ...moto.environment,
          AWS_BATCH_JOB_ARRAY_INDEX: String(index),
          AWS_BATCH_JOB_ARRAY_SIZE: String(jobs),
        },
      });
    const ended = await Promise.all(Array.from({ length: jobs }, (_, index) => jobAt(index)));
    ended.push(await gapcam(merge.containerOverrides.command, { environment: moto.environment }));
    const failed = ended.filter(({ code }) => code !== 0).map(({ code, stderr }) => `exit code ${code}: ${stderr}`);
    if (failed.length > 0) return failed;
    const lines: PhotoLine[] = [];
    for await (const { key } of s3.list('all/manifest')) {
      lines.push(...explainedIn((await s3.get(key)).bytes.toString()));
    }
    const wrong = lines.filter(({ photo, maps }) => !isDeepStrictEqual(maps[0].map, expected.get(basename(photo))));
    const photos = new Set(lines.map(({ photo }) => photo));
    return [
      ...wrong.map(({ photo }) => `another map of ${photo}`),
      ...(lines.length === paths.length && photos.size === lines.length ? [] : [`${lines.length} lines`]),
    ];
  } finally {
    moto.close();
  }
};

/** The file against the model of AWS Batch's calls, and its commands on a bucket. */
export const awsBatch = async (): Promise<Outcome> => {
  const calls = await validated(program, ['botocore.session'], 'botocore');
  if ('skipped' in calls) return calls;
  if (!hasMoto()) return { skipped: "python3 cannot import moto.server; pip install 'moto[server]'" };
  return atWorkplace(48, async (place) => {
    const faults = [...calls.faults, ...(await faultsInBucket(place))];
    return { found: `${calls.found}; ${jobs} jobs and the merge, ${place.paths.length} photos in a bucket`, faults };
  });
};
