import { basename, dirname, join } from 'node:path';

/** Networks in other formats than ONNX, and how ONNX is made of them. */

interface Format {
  /** Of the last part of a path, in lower case. */
  readonly names: RegExp;
  readonly is: string;
  /** The end of a sentence that says how to come to an ONNX file. `onnx`: path of that file. */
  readonly wayOut: (path: string, onnx: string) => string;
}

/** A path on a command line. */
const shell = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

/** A path in a line of Python that stands between double quotes on a command line. */
const text = (path: string): string => (/^[^'"\\$`!]+$/.test(path) ? `'${path}'` : "'PATH'");

const make = (command: string): string => `make ONNX of it with \`${command}\``;

const tf2onnx = (source: string, onnx: string): string =>
  make(`python -m tf2onnx.convert ${source} --output ${shell(onnx)}`);

const python = (line: string): string => make(`python -c "${line}"`);

const torch = (network: string): string =>
  `call torch.onnx.export(${network}.eval(), torch.zeros(1, 3, 224, 224), 'model.onnx') in the code that loads it`;

const paddle = (path: string, onnx: string): string => {
  const name = basename(path).replace(/\.\w+$/, '');
  const program = path.endsWith('.json') ? `${name}.json` : `${name}.pdmodel`;
  const files = `--model_filename ${shell(program)} --params_filename ${shell(`${name}.pdiparams`)}`;
  return make(`paddle2onnx --model_dir ${shell(dirname(path))} ${files} --save_file ${shell(onnx)}`);
};

const coreMl = (path: string, onnx: string): string =>
  python(
    `import coremltools as c, onnxmltools as o; o.utils.save_model(o.convert_coreml(c.utils.load_spec(${text(path)})), ${text(onnx)})`,
  );

const original = (): string => 'give the ONNX file that it was made from';

/** A more special name stands before a more general one. */
const formats: readonly Format[] = [
  {
    names: /^saved_model\.pb$/,
    is: 'a SavedModel of TensorFlow',
    wayOut: (path, onnx) => tf2onnx(`--saved-model ${shell(dirname(path))}`, onnx),
  },
  {
    names: /\.pb$/,
    is: 'a graph of TensorFlow',
    wayOut: (path, onnx) => tf2onnx(`--graphdef ${shell(path)} --inputs INPUT:0 --outputs OUTPUT:0`, onnx),
  },
  {
    names: /\.(tflite|lite)$/,
    is: 'a TensorFlow Lite model',
    wayOut: (path, onnx) => tf2onnx(`--tflite ${shell(path)}`, onnx),
  },
  {
    names: /\.(h5|hdf5|keras)$/,
    is: 'a Keras model',
    wayOut: (path, onnx) =>
      python(`import keras; keras.saving.load_model(${text(path)}).export(${text(onnx)}, format='onnx')`),
  },
  {
    names: /\.pt2$/,
    is: 'a program of PyTorch',
    wayOut: (path, onnx) =>
      python(`import torch; torch.onnx.export(torch.export.load(${text(path)}), dynamo=True).save(${text(onnx)})`),
  },
  {
    names: /^pytorch_model.*\.bin$|\.safetensors$/,
    is: "a file of a network's weights alone",
    wayOut: (path, onnx) => {
      const folders = `--model ${shell(dirname(path))} --task image-classification ${shell(dirname(onnx))}`;
      return `${make(`optimum-cli export onnx ${folders}`)}, or ${torch('network')}`;
    },
  },
  {
    names: /\.(pt|pth|ckpt)$/,
    is: 'a PyTorch file',
    wayOut: (path) => `${torch('network')}, or for Ultralytics run \`yolo export model=${shell(path)} format=onnx\``,
  },
  {
    names: /\.pkl$/,
    is: 'a pickled object, as fastai exports them',
    wayOut: () => torch('learner.model'),
  },
  { names: /\.(pdmodel|pdiparams)$|^inference\.json$/, is: 'a PaddlePaddle model', wayOut: paddle },
  { names: /\.mlmodel$/, is: 'a Core ML model', wayOut: coreMl },
  {
    names: /\.(mlpackage|mlmodelc)$/,
    is: 'a Core ML model',
    wayOut: () => 'export the network as ONNX where it was trained',
  },
  { names: /\.(engine|trt|plan)$/, is: 'an engine of TensorRT', wayOut: original },
  { names: /\.xml$/, is: 'an OpenVINO model', wayOut: original },
  { names: /\.ort$/, is: "a model in ONNX Runtime's own format", wayOut: original },
];

/**
 * What a path in another format is, and how to come to an ONNX file: the rest of a sentence after "PATH is". Undefined where
 * the path's name is none of another format's.
 */
export const otherFormat = (path: string): string | undefined => {
  const format = formats.find(({ names }) => names.test(basename(path).toLowerCase()));
  return format && `${format.is}, and ONNX alone is read: ${format.wayOut(path, join(dirname(path), 'model.onnx'))}`;
};

/** Whether a file's bytes are those that Git LFS leaves in the place of a large file. */
export const isLfsPointer = (bytes: Uint8Array): boolean =>
  new TextDecoder().decode(bytes.subarray(0, 42)) === 'version https://git-lfs.github.com/spec/v1';
