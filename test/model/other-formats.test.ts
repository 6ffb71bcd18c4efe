import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/errors.js';
import { locateModel, readModelFile } from '../../src/model/locate.js';
import { colorClassifier } from '../helpers/build-model.js';
import { temporaryFolder } from '../helpers/folders.js';

/** A folder with a file of this name in it. */
const folderWith = (name: string, content: Uint8Array | string = 'x'): string => {
  const folder = temporaryFolder();
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
  return folder;
};

const refusalOf = (model: string): string => {
  try {
    locateModel(model);
  } catch (error) {
    if (error instanceof ModelError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'taken';
};

describe('a network in another format gets the line that makes ONNX of it', () => {
  it.each([
    ['net.h5', "keras.saving.load_model('DIR/net.h5').export('DIR/model.onnx', format='onnx')"],
    ['net.KERAS', "load_model('DIR/net.KERAS')"],
    ['net.tflite', '`python -m tf2onnx.convert --tflite DIR/net.tflite --output DIR/model.onnx`'],
    ['frozen.pb', '--graphdef DIR/frozen.pb --inputs INPUT:0 --outputs OUTPUT:0 --output DIR/model.onnx'],
    ['net.pt', 'yolo export model=DIR/net.pt format=onnx'],
    ['net.pth', "torch.onnx.export(network.eval(), torch.zeros(1, 3, 224, 224), 'model.onnx')"],
    ['net.pt2', "torch.onnx.export(torch.export.load('DIR/net.pt2'), dynamo=True).save('DIR/model.onnx')"],
    ['learner.pkl', 'torch.onnx.export(learner.model.eval()'],
    ['net.mlmodel', "load_spec('DIR/net.mlmodel')"],
    ['net.engine', 'give the ONNX file that it was made from'],
    ['net.xml', 'an OpenVINO model'],
    ['net.ort', 'give the ONNX file'],
    ['my net.tflite', "--tflite 'DIR/my net.tflite'"],
    ["it's.h5", "load_model('PATH')"],
    [
      'net.pdmodel',
      '--model_dir DIR --model_filename net.pdmodel --params_filename net.pdiparams --save_file DIR/model.onnx',
    ],
    ['inference.json', '--model_filename inference.json --params_filename inference.pdiparams'],
    ['model.safetensors', '`optimum-cli export onnx --model DIR --task image-classification DIR`'],
    ['pytorch_model.bin', '`optimum-cli export onnx --model DIR --task image-classification DIR`'],
    ['saved_model.pb', '`python -m tf2onnx.convert --saved-model DIR --output DIR/model.onnx`'],
  ])('%s, itself and by its folder', (name, line) => {
    const folder = folderWith(name);
    for (const model of [folder, join(folder, name)]) {
      const refusal = refusalOf(model);
      expect(refusal).toMatch(/^not-onnx: /);
      expect(refusal.replaceAll(folder, 'DIR')).toContain(line);
      expect(refusal).toMatch(/[^.]\.$/);
    }
  });

  it.each(['net.mlpackage', 'net.mlmodelc'])('a folder that is one model: %s', (name) => {
    expect(refusalOf(join(folderWith(`${name}/Data/weights`), name))).toContain('where it was trained');
  });

  it('a pointer of Git LFS in the place of a model', () => {
    const folder = folderWith('model.onnx', 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n');
    expect(() => readModelFile(locateModel(folder).file)).toThrow('git lfs pull');
  });

  it('but not where there is an ONNX file in the folder, or no file at all', () => {
    const folder = folderWith('net.h5');
    expect(refusalOf(join(folder, 'other.h5'))).toMatch(/^model-not-found: /);
    writeFileSync(join(folder, 'model.onnx'), colorClassifier());
    expect(refusalOf(folder)).toBe('taken');
  });
});
