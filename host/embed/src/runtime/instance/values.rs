//! Whether values are of the types that a function takes: they come from clients, and a call with others would end the component.

use wasmtime::component::Val;
use wasmtime::component::types::Type;

/// Whether these are the parameters that are wanted.
pub fn fit(values: &[Val], wanted: &[Type]) -> bool {
    values.len() == wanted.len() && values.iter().zip(wanted).all(|(value, ty)| fits(value, ty))
}

fn fits(value: &Val, ty: &Type) -> bool {
    match (value, ty) {
        (Val::Bool(_), Type::Bool)
        | (Val::S8(_), Type::S8)
        | (Val::U8(_), Type::U8)
        | (Val::S16(_), Type::S16)
        | (Val::U16(_), Type::U16)
        | (Val::S32(_), Type::S32)
        | (Val::U32(_), Type::U32)
        | (Val::S64(_), Type::S64)
        | (Val::U64(_), Type::U64)
        | (Val::Float32(_), Type::Float32)
        | (Val::Float64(_), Type::Float64)
        | (Val::Char(_), Type::Char)
        | (Val::String(_), Type::String) => true,
        (Val::List(items), Type::List(list)) => {
            let ty = list.ty();
            items.iter().all(|item| fits(item, &ty))
        }
        (Val::Record(fields), Type::Record(record)) => {
            fields.len() == record.fields().len()
                && fields
                    .iter()
                    .zip(record.fields())
                    .all(|((name, value), field)| name == field.name && fits(value, &field.ty))
        }
        (Val::Tuple(items), Type::Tuple(tuple)) => {
            items.len() == tuple.types().len() && items.iter().zip(tuple.types()).all(|(item, ty)| fits(item, &ty))
        }
        (Val::Variant(name, payload), Type::Variant(variant)) => {
            let mut cases = variant.cases();
            cases.any(|case| case.name == name && is_payload(payload.as_deref(), case.ty.as_ref()))
        }
        (Val::Enum(name), Type::Enum(cases)) => cases.names().any(|case| case == name),
        (Val::Flags(set), Type::Flags(flags)) => set.iter().all(|name| flags.names().any(|flag| flag == name)),
        (Val::Option(value), Type::Option(option)) => value.as_deref().is_none_or(|value| fits(value, &option.ty())),
        (Val::Result(Ok(value)), Type::Result(result)) => is_payload(value.as_deref(), result.ok().as_ref()),
        (Val::Result(Err(value)), Type::Result(result)) => is_payload(value.as_deref(), result.err().as_ref()),
        (Val::Resource(handle), Type::Own(resource) | Type::Borrow(resource)) => handle.ty() == *resource,
        _ => false,
    }
}

fn is_payload(value: Option<&Val>, ty: Option<&Type>) -> bool {
    match (value, ty) {
        (Some(value), Some(ty)) => fits(value, ty),
        (None, None) => true,
        _ => false,
    }
}
