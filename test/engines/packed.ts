import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gapcam } from '../helpers/command.js';
import { atWorkplace } from './photos.js';
import { run } from './process.js';
import { lacksPackages, type Outcome, python } from './trial.js';

/** Opens tars and tables as their readers do, and prints what each has: keys with suffixes, and photos. */
const script = `
import glob, json, sys, warnings
warnings.filterwarnings('ignore')
out, cache = sys.argv[1:]
tars, tables = (sorted(glob.glob(out + '/pictures/*.' + ending)) for ending in ('tar', 'parquet'))
import webdataset, datasets, pyarrow.parquet
found = {}
samples = list(webdataset.WebDataset(tars, shardshuffle=False).decode('pil'))
found['webdataset'] = [[s['__key__'], *sorted(k for k in s if k[0] != '_'), s['json']['photo'], *s['overlay.jpg'].size] for s in samples]
data = datasets.load_dataset('webdataset', data_files=tars, split='train', cache_dir=cache)
found['datasets'] = [[r['__key__'], *sorted(k for k in r if k[0] != '_'), r['json']['photo'], *r['overlay.jpg'].size] for r in data]
found['pyarrow'] = [r['photo'] for t in tables for r in pyarrow.parquet.read_table(t).to_pylist()]
found['parquet'] = [r['photo'] for r in datasets.load_dataset('parquet', data_files=tables, split='train', cache_dir=cache)]
print('FOUND ' + json.dumps({name: sorted(rows) for name, rows in found.items()}))
`;

/** Names that readers of tars and tables are known to stumble over; some of one key. */
const odd = ['a.jpg', 'a.JPG', 'a.b.jpg', '__a.jpg', 'größe "q" \'.jpg', 'two\nlines.jpg', `${'long'.repeat(60)}.jpg`];

/** Whether packed runs are opened by the packages that they are for. */
export const packed = async (): Promise<Outcome> => {
  const lacking = lacksPackages('webdataset', 'datasets', 'pyarrow', 'PIL');
  if (lacking !== undefined) return { skipped: `${lacking}; pip install webdataset datasets pillow` };
  return atWorkplace(20, async ({ folder, paths }) => {
    const photos = join(folder, 'photos-packed');
    mkdirSync(photos);
    const names = [...odd, ...Array.from({ length: 20 }, (_, i) => `${i}.jpg`)];
    const content = readFileSync(paths[0]);
    for (const name of names) writeFileSync(join(photos, name), content);
    // Failures come first: they must leave no hole in what readers take types from.
    for (const name of ['!1.jpg', '!2.jpg']) writeFileSync(join(photos, name), '');
    const out = join(folder, 'packed');
    const words = [photos, '-m', 'nin-cifar10', '--pack', '-k', '1', '--boxes', 'logits:15', '-q', '-o', out];
    const made = await gapcam(words);
    if (made.code !== 1) return { found: 'a packed run', faults: [`exit code ${made.code}: ${made.stderr}`] };
    const { code, said } = await run(python, ['-c', script, out, join(folder, 'cache')], {
      env: { HF_HUB_OFFLINE: '1' },
    });
    const [, json] = /^FOUND (.*)$/m.exec(said) ?? [];
    if (code !== 0 || json === undefined) return { found: 'packed tars', faults: [said.slice(-2000)] };
    const faults = Object.entries(JSON.parse(json) as Record<string, readonly (string | readonly unknown[])[]>).flatMap(
      ([reader, rows]) => {
        const found = rows.map((row) =>
          typeof row === 'string' ? row : String(row.find((value) => names.includes(String(value)))),
        );
        return found.sort().join() === [...names].sort().join()
          ? []
          : [`${reader} finds ${rows.length} of ${names.length}: ${found.join()}`];
      },
    );
    return { found: `${names.length} samples and rows, by webdataset, datasets and pyarrow`, faults };
  });
};
