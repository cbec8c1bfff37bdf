import { describe, expect, it } from 'vitest';
import { onceFor, onceForBoth } from '../../src/model/index.js';

describe('a value that is made once', () => {
  it('is made again for another object, equal or not', () => {
    const asked: (readonly string[])[] = [];
    const sizeOf = onceFor((list: readonly string[]) => asked.push(list));
    const list = ['a'];
    expect([sizeOf(list), sizeOf(list), sizeOf(['a']), sizeOf(list)]).toEqual([1, 1, 2, 1]);
    expect(asked).toEqual([['a'], ['a']]);
  });

  it('is made once where it is none', () => {
    let asked = 0;
    const none = onceFor((): string | undefined => void asked++);
    const noneFor = onceForBoth((): string | undefined => void asked++);
    const key = {};
    expect([none(key), none(key), noneFor(key, 'a'), noneFor(key, 'a')]).toEqual(Array(4).fill(undefined));
    expect(asked).toBe(2);
  });

  it('is one for each object and what is asked about it', () => {
    let asked = 0;
    const join = onceForBoth((list: readonly string[], by: string) => `${list.join(by)} ${asked++}`);
    const list = ['a', 'b'];
    expect([join(list, '-'), join(list, '+'), join(list, '-'), join(['a', 'b'], '-')]).toEqual([
      'a-b 0',
      'a+b 1',
      'a-b 0',
      'a-b 2',
    ]);
  });
});
