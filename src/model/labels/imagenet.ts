export const IMAGENET_CLASSES = 1000;
