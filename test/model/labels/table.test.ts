import { describe, expect, it } from 'vitest';
import { fromTable } from '../../../src/model/labels/table.js';

describe('names in a table', () => {
  it.each([
    ['index and name', 'index,name\n0,cat\n1,dog\n'],
    ['name and index', 'Name,Index\ncat,0\ndog,1\n'],
    ['rows in another order', 'class_id,class_name\r\n1,dog\r\n0,cat\r\n'],
    ['`class` as the index', 'class,name\n0,cat\n1,dog\n'],
    ['`class` as the name', 'index,class\n0,cat\n1,dog\n'],
    ['columns of other things', 'count,id,split,label\n9,0,train,cat\n7,1,test,dog\n'],
    ['a name alone', 'label\ncat\ndog\n'],
    ['names in quotes', '"index","name"\n"0","cat"\n"1","dog"\n'],
    ['no headings', '0,cat\n1,dog\n'],
    ['no headings, the name first', 'dog,1\ncat,0'],
    ['no headings and no index', 'cat\n\ndog\n'],
    ['semicolons', 'index;name\n0;cat\n1;dog\n'],
    ['tabs', 'name\tindex\ndog\t1\ncat\t0\n'],
  ])('are found by their column: %s', (_, text) => {
    expect(fromTable(text)).toEqual({ labels: ['cat', 'dog'] });
  });

  it('may hold separators, quotes and line breaks in quotes, and synonyms without any', () => {
    expect(fromTable('index,name\n0,"tabby, ""Tom""\ncat"\n1,dog\n')).toEqual({ labels: ['tabby, "Tom"\ncat', 'dog'] });
    expect(fromTable('0,tabby, tabby cat\n1,dog')).toEqual({ labels: ['tabby, tabby cat', 'dog'] });
  });

  it('have their WordNet ids beside them', () => {
    expect(fromTable('wnid,index,name\nn02084071,1,dog\nn02123159,0,cat\n')).toEqual({
      labels: ['cat', 'dog'],
      wordnetIds: ['n02123159', 'n02084071'],
    });
  });

  it('may be numbers where they are all there is', () => {
    expect(fromTable('1\n10\n2\n')).toEqual({ labels: ['1', '10', '2'] });
    expect(fromTable('0\n1\n2\n')).toEqual({ labels: ['0', '1', '2'] });
  });

  it('are not counted from 1: nobody says whether a class is missing or the first is 1', () => {
    expect(fromTable('index,name\n1,cat\n2,dog\n')).toEqual({ miscounted: 'index' });
  });
});
