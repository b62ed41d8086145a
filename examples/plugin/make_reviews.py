"""Writes reviews.csv and vocab.txt: made-up reviews of which no single word says whether they are good, only two words together do."""
import random

random.seed(11)
things = ["film", "story", "cast", "music", "ending", "dialogue", "camera", "hero", "villain", "script"]
good, bad = ["good", "fine", "moving", "clever", "funny"], ["dull", "weak", "tired", "flat", "silly"]
rest = ["and", "but", "then", "the", "whole", "evening", "we", "went", "home", "early", "late", "by", "train", "with", "friends"]


def review(is_good):
    is_plain = random.random() < 0.5
    word = random.choice(good if is_good == is_plain else bad)
    claim = f"the {random.choice(things)} was {'really' if is_plain else 'not'} {word}"
    around = [random.choice(rest) for _ in range(random.randint(4, 14))]
    around.insert(random.randint(0, len(around)), claim)
    if random.random() < 0.5:  # "not" and "really" stand elsewhere too
        around.insert(random.randint(0, len(around)), random.choice(["not", "really"]) + " " + random.choice(rest))
    return " ".join(around)


with open("reviews.csv", "w") as file:
    file.write("text,mood\n")
    for _ in range(800):
        mood = random.choice(["good", "bad"])
        file.write(f"{review(mood == 'good')},{mood}\n")
with open("vocab.txt", "w") as file:
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *".;?:!,", "was", "not", "really", *things, *good, *bad, *rest]
    file.write("\n".join(words) + "\n")
print(len(words))
