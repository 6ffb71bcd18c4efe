export { overlay } from './overlay';
export { columns, rows } from './resample';
export { channel } from './tensor';
