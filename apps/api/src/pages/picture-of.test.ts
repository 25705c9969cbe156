import { expect, test } from '@jest/globals';
import { pictureOf } from './picture-of.js';

const HOMEPAGE = 'https://calendar.example/app/';

test.each([
  ['https://pictures.example/a.png', HOMEPAGE, 'https://pictures.example/a.png'],
  ['https://pictures.example/a.png', null, 'https://pictures.example/a.png'],
  ['logo.png', HOMEPAGE, 'https://calendar.example/app/logo.png'],
  ['/logo.png', HOMEPAGE, 'https://calendar.example/logo.png'],
  ['//pictures.example/a.png', HOMEPAGE, 'https://pictures.example/a.png'],
  ['https://pictures.example/a.png', 'http://calendar.example/', 'https://pictures.example/a.png'],
])('the picture %s of an application at %s is %s', (avatarUrl, homepageUrl, picture) => {
  expect(pictureOf({ avatarUrl, homepageUrl })).toBe(picture);
});

test.each([
  [null, HOMEPAGE],
  ['', null],
  ['http://pictures.example/a.png', HOMEPAGE],
  ['logo.png', 'http://calendar.example/'],
  ['//pictures.example/a.png', 'http://calendar.example/'],
  ['logo.png', null],
  ['javascript:alert(1)', HOMEPAGE],
  [' JavaScript:alert(1)', HOMEPAGE],
  ['data:image/svg+xml,<svg/>', HOMEPAGE],
  ['blob:https://calendar.example/1', HOMEPAGE],
  ['https://', HOMEPAGE],
])('the picture %j of an application at %s is not shown', (avatarUrl, homepageUrl) => {
  expect(pictureOf({ avatarUrl, homepageUrl })).toBeNull();
});
