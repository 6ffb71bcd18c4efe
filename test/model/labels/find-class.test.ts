import { describe, expect, it } from 'vitest';
import { findClass } from '../../../src/model/labels/find-class.js';

const labels = ['tabby, tabby cat', 'crane', 'crane', 'Egyptian cat'];

describe('a class is found by', () => {
  it.each([
    ['0', 0],
    ['index:2', 2],
    ['tabby, tabby cat', 0],
    ['Tabby Cat', 0],
    ['EGYPTIAN CAT', 3],
    ['label:tabby', 0],
  ])('index, label or synonym in any case: %s', (word, index) => {
    expect(findClass({ labels }, word)).toBe(index);
  });

  it.each([
    ['crane', /classes 1 and 2; give the index\.$/],
    ['egyptian hat', /nearest is "egyptian cat"/],
    ['4', /^There is no class 4: the model has classes 0 to 3\.$/],
    ['999999999999999999999', /no class 9{21}: the model has classes 0 to 3/],
    ['-1', /classes 0 to 3/],
    ['index:crane', /no class crane: the model has classes 0 to 3/],
    ['index:', /classes 0 to 3/],
    ['label:1', /no class "1"/],
    ['n02124075', /no class with the WordNet id n02124075: its labels are not ImageNet's/],
  ])('nothing else, and the error names what is near: %s', (word, sentence) => {
    expect(() => findClass({ labels }, word)).toThrow(sentence);
  });
});

describe('where labels are numbers', () => {
  const numbers = { labels: ['1', '10', '2', '3, three', '7', '7'] };

  it('one that is a label here and an index there is refused, with the way to ask for either', () => {
    expect(() => findClass(numbers, '1')).toThrow(
      '"1" is the label of class 0 and the index of class 1; give label:1 or index:1.',
    );
    expect(() => findClass({ labels: ['a', 'b', '0, zero'] }, '0')).toThrow(/label:0 or index:0/);
  });

  it.each([
    ['label:1', 0],
    ['index:1', 1],
    // The same class either way; no such index; no such label.
    ['2', 2],
    ['3', 3],
    ['10', 1],
    ['0', 0],
    ['4', 4],
  ])('any other is taken: %s', (word, index) => {
    expect(findClass(numbers, word)).toBe(index);
  });

  it('one that two classes have is asked for by its index', () => {
    expect(() => findClass(numbers, '7')).toThrow(/label of classes 4 and 5; give the index, as index:4/);
  });
});

describe('a WordNet id', () => {
  it('stands for the class that has it', () => {
    const classes = { labels: ['tench', 'goldfish'], wordnetIds: ['n01440764', 'n01443537'] };
    expect(findClass(classes, 'n01443537')).toBe(1);
    expect(() => findClass(classes, 'n02124075')).toThrow(/WordNet id n02124075: none of its classes has it/);
  });

  it('that is itself a label is that label', () => {
    expect(findClass({ labels: ['n01440764', 'n01443537'] }, 'n01443537')).toBe(1);
  });
});
