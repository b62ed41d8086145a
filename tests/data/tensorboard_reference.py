"""Writes tensorboard_reference.tfevents: an event file with fixed times, by TensorBoard's own record writer and protobufs.

pip install tensorboard==2.21.0; tolerance: none, the bytes are equal.
With a path as argument it reads that file by TensorBoard's reader instead, and prints its scalars.
"""
import sys

from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter


def scalar(tag, step, value, wall_time):
    entry = summary_pb2.Summary.Value(tag=tag, simple_value=value)
    return event_pb2.Event(wall_time=wall_time, step=step, summary=summary_pb2.Summary(value=[entry]))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
        events = EventAccumulator(sys.argv[1])
        events.Reload()
        for tag in events.Tags()["scalars"]:
            print(tag, [(event.step, round(event.value, 6)) for event in events.Scalars(tag)])
    else:
        with open("tensorboard_reference.tfevents", "wb") as file:
            writer = RecordWriter(file)
            for event in [event_pb2.Event(wall_time=1750000000.25, file_version="brain.Event:2"),
                          scalar("train/loss", 1, 0.6931, 1750000001.5), scalar("train/loss", 300, -0.25, 1750000002.0),
                          scalar("valid/movies/sentiment/accuracy", 1 << 40, 0.957, 1750000003.0)]:
                writer.write(event.SerializeToString(deterministic=True))
