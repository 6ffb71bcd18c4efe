import { root } from '../helpers/repository.js';
import { run } from './process.js';
import { lacksPackages, type Outcome, python } from './trial.js';

/** A program that ends with exit code 1 and what is wrong. It first sees that a wrong file would be refused. */
const kubernetesProgram = `
import copy, yaml, kubernetes_validate as k
documents = list(yaml.safe_load_all(open('examples/kubernetes.yaml')))
for document in documents: print(document['kind'], document['metadata']['name'], k.validate(document, '1.37', strict=True))
wrong = copy.deepcopy(documents[0])
wrong['spec']['completion'] = 8
try: k.validate(wrong, '1.37', strict=True)
except k.ValidationError: pass
else: raise SystemExit('a wrong key is not refused')
`;

/** Runs a program of Python that holds a recipe against a schema. @param install what pip installs for it. */
export const validated = async (program: string, packages: readonly string[], install: string): Promise<Outcome> => {
  const lacking = lacksPackages(...packages);
  if (lacking !== undefined) return { skipped: `${lacking}; pip install ${install}` };
  const { code, said } = await run(python, ['-c', program], { cwd: root });
  return { found: said.trim().split('\n').join(', '), faults: code === 0 ? [] : [said] };
};

/** The file against the schemas of Kubernetes. */
export const kubernetes = (): Promise<Outcome> =>
  validated(kubernetesProgram, ['yaml', 'kubernetes_validate'], 'kubernetes-validate');
